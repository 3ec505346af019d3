"""Dashboard, engagement, quizzes and chat: figures of a creator as a whole."""

from typing import Annotated, Any, Literal

from fastapi import Query

from api.callers import CallerOf
from api.routing import FiguresRoute, routes
from api.schemas.dashboard import Dashboard, EngagementAnswer
from api.schemas.subjects import ChatAnalyticsAnswer, QuizAnalyticsAnswer
from database.frames import records
from queries.chat import chat_analytics
from queries.dashboard import dashboard_response
from queries.engagement import active_in_period, daily_active_users
from queries.periods import period_named
from queries.quizzes import quiz_analytics

figures = routes(FiguresRoute, "Figures")

PeriodKey = Annotated[Literal["7d", "30d", "90d"], Query(description="So many local days, today included.")]


@figures.get("/dashboard", response_model=Dashboard)
def dashboard(caller: CallerOf, period: PeriodKey = "30d") -> Any:
    """The headline figures, as the overview page shows them."""
    return dashboard_response(caller.creator_id, period_named(period))


@figures.get("/engagement", response_model=EngagementAnswer)
def engagement(caller: CallerOf, period: PeriodKey = "30d") -> Any:
    """When students are there, and how that compares with the period before."""
    chosen = period_named(period)
    active = active_in_period(caller.creator_id, chosen)
    answer = dashboard_response(caller.creator_id, chosen)["engagement"]
    days = daily_active_users(caller.creator_id, chosen)
    before = days[days["window"] == "previous"]["active_students"]
    this = days[days["window"] == "this"]
    return {
        "active_students": active.active_students,
        "change_percent": active.change_percent,
        "avg_session_time": answer["avgSessionTime"],
        "peak_hours": answer["peakHours"],
        "days": [
            {
                "date": day["activity_date"].date(),
                "active_students": day["active_students"],
                "signs_of_life": day["signs_of_life"],
                "watched_minutes": day["watched_minutes"],
                "active_students_before": previous,
            }
            for day, previous in zip(records(this), before, strict=True)
        ],
    }


@figures.get("/quizzes", response_model=QuizAnalyticsAnswer)
def quizzes(caller: CallerOf) -> Any:
    """Pass rates, struggling areas and conspicuous questions."""
    return quiz_analytics(caller.creator_id)


@figures.get("/chat", response_model=ChatAnalyticsAnswer)
def chat(caller: CallerOf) -> Any:
    """What students ask, and how well it is answered."""
    return ChatAnalyticsAnswer.model_validate(chat_analytics(caller.creator_id), from_attributes=True)
