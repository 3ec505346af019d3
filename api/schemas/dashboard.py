"""The dashboard and when students are active."""

from datetime import date

from pydantic import ConfigDict, Field
from pydantic.config import JsonDict

from api.schemas.base import Shape

EXAMPLE: JsonDict = {
    "students": {
        "total": 245,
        "active": 187,
        "activePercentage": 76,
        "newThisMonth": 23,
        "trends": {"active": 12, "new": 5},
    },
    "progress": {"avgCompletion": 62, "videosWatched": 1234, "quizzesPassed": 456},
    "engagement": {
        "dailyActiveUsers": [{"date": "2026-03-03", "count": 61}, {"date": "2026-03-04", "count": 58}],
        "peakHours": [{"hour": 19, "count": 412}, {"hour": 20, "count": 388}],
        "avgSessionTime": 28,
    },
    "support": {"questionsAsked": 234, "aiAnswered": 215, "satisfactionRate": 0.92},
}


class Trends(Shape):
    active: int | None = Field(
        description="Change in students active in the last 7 days vs the 7 days before, in percent."
    )
    new: int | None = Field(description="Change in new students vs the same days last month, in percent.")


class Students(Shape):
    total: int
    active: int = Field(description="Students with an activity in the last 7 days.")
    active_percentage: int | None = Field(description="Active students out of all, in percent; null without students.")
    new_this_month: int
    trends: Trends


class Progress(Shape):
    avg_completion: int | None = Field(description="Mean watched share of the started videos, in percent.")
    videos_watched: int = Field(description="Started pairs of student and video.")
    quizzes_passed: int


class Day(Shape):
    date: date
    count: int = Field(description="Students with an activity on this local day.")


class Hour(Shape):
    hour: int = Field(ge=0, le=23)
    count: int = Field(description="Activities in this local hour.")


class Engagement(Shape):
    daily_active_users: list[Day] = Field(description="Every day of the period, oldest first.")
    peak_hours: list[Hour] = Field(description="The 24 hours of the day.")
    avg_session_time: int | None = Field(description="Average minutes per visit; null without visits.")


class Support(Shape):
    questions_asked: int
    ai_answered: int
    satisfaction_rate: float | None = Field(description="0 to 1; null without ratings.")


class Dashboard(Shape):
    """The headline figures; `engagement` covers the period, the rest is as of now."""

    students: Students
    progress: Progress
    engagement: Engagement
    support: Support

    model_config = ConfigDict(json_schema_extra={"example": EXAMPLE})


class EngagementDay(Shape):
    date: date
    active_students: int
    signs_of_life: int
    watched_minutes: float
    active_students_before: int | None = Field(
        description="On the day that this one is compared with; null where there is none, as for a 31st."
    )


class EngagementAnswer(Shape):
    """When students are active, in one period and in the one it is compared with."""

    active_students: int = Field(description="Students with an activity in the period.")
    change_percent: int | None = Field(
        description="Students active on its days vs the compared days, in percent; null: nobody was."
    )
    avg_session_time: int | None = Field(description="Average minutes per visit; null without visits.")
    days: list[EngagementDay]
    peak_hours: list[Hour]
