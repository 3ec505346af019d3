"""Dashboard, engagement, quizzes and chat: figures of a creator."""

from typing import Any

from api.callers import CallerOf
from api.periods import CompareKey, PeriodKey, asked_period
from api.problems import CONFLICT
from api.routing import FiguresRoute, routes
from api.schemas.dashboard import Dashboard, EngagementAnswer
from api.schemas.findings import FindingsAnswer
from api.schemas.problem import responses
from api.schemas.subjects import ChatAnalyticsAnswer, QuizAnalyticsAnswer
from database.frames import records
from findings.gathered import findings
from findings.ranking import recommended
from queries.chat.figures import chat_analytics
from queries.overview.dashboard import dashboard_response
from queries.overview.engagement import DayRow, active_in_period, daily_active_users
from queries.periods.compared_days import of_window
from queries.quizzes.results import quiz_analytics
from reports.addresses import page_url

figures = routes(FiguresRoute, "Figures")


@figures.get("/dashboard", response_model=Dashboard, responses=responses(CONFLICT))
def dashboard(caller: CallerOf, period: PeriodKey = "30d") -> Any:
    """The headline figures shown on the overview page."""
    return dashboard_response(caller.creator_id, asked_period(caller, period))


@figures.get("/engagement", response_model=EngagementAnswer, responses=responses(CONFLICT))
def engagement(caller: CallerOf, period: PeriodKey = "30d", compare: CompareKey = "before") -> Any:
    """When students are active, and how that compares with the previous period, last year or another run."""
    chosen = asked_period(caller, period, compare)
    active = active_in_period(caller.creator_id, chosen)
    answer = dashboard_response(caller.creator_id, chosen)["engagement"]
    days = daily_active_users(caller.creator_id, chosen)
    before = {day.shown_at: day.active_students for day in records(of_window(days, "previous"), DayRow)}
    return {
        "active_students": active.active_students,
        "change_percent": active.change_percent,
        "avg_session_time": answer["avgSessionTime"],
        "peak_hours": answer["peakHours"],
        "days": [
            {
                "date": day.activity_date.date(),
                "active_students": day.active_students,
                "signs_of_life": day.signs_of_life,
                "watched_minutes": day.watched_minutes,
                "active_students_before": before.get(day.shown_at),
            }
            for day in records(of_window(days, "this"), DayRow)
        ],
    }


@figures.get("/findings", response_model=FindingsAnswer, responses=responses(CONFLICT))
def found(caller: CallerOf, period: PeriodKey = "30d") -> Any:
    """Recommendations from the figures, those that affect most people first; questions are those of the period."""
    answer = findings(caller.creator_id, asked_period(caller, period))
    first = recommended(answer.ranked)
    return {
        "findings": [
            {
                "kind": finding.kind,
                "subject": finding.subject or None,
                "title": finding.title or None,
                "people": finding.people,
                "finding": finding.sentence,
                "action": finding.action,
                "advice": finding.advice,
                "quote": finding.quote or None,
                "is_recommended": finding in first,
                "url": page_url(finding.page, **dict(finding.asked)),
            }
            for finding in answer.ranked
        ]
    }


@figures.get("/quizzes", response_model=QuizAnalyticsAnswer)
def quizzes(caller: CallerOf) -> Any:
    """Pass rates, struggling areas and questions that stand out."""
    return quiz_analytics(caller.creator_id)


@figures.get("/chat", response_model=ChatAnalyticsAnswer, responses=responses(CONFLICT))
def chat(caller: CallerOf, period: PeriodKey = "30d", compare: CompareKey = "before") -> Any:
    """What students ask in a period, and how well it is answered."""
    told = chat_analytics(caller.creator_id, asked_period(caller, period, compare))
    return ChatAnalyticsAnswer.model_validate(told, from_attributes=True)
