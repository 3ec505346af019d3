"""The dashboard for programs: the figures of the pages in the product's published shape."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

import pandas as pd

from queries.overview.engagement import average_session_minutes, daily_active_users, peak_hours
from queries.overview.headline import OverviewStats, overview_stats
from queries.periods.period import Period
from rules.formatting import round_half_up


def dashboard_response(creator_id: UUID, period: Period) -> dict[str, Any]:
    """Students, progress, engagement and support, with camelCase keys; None where there is no figure.

    `engagement` covers the period; everything else is as of now. `dailyActiveUsers` has one entry
    per local day (date, count), `peakHours` one per hour 0 to 23 (hour, count);
    `avgSessionTime` is in minutes, `satisfactionRate` 0 to 1, the other rates whole percent.
    """
    return _response(
        overview_stats(creator_id),
        daily_active_users(creator_id, period),
        peak_hours(creator_id, period),
        average_session_minutes(creator_id, period),
    )


def fresh_dashboard_response(creator_id: UUID, period: Period) -> dict[str, Any]:
    """The same, from the database and not from the cache, for files."""
    return _response(
        overview_stats.fresh(creator_id),
        daily_active_users.fresh(creator_id, period),
        peak_hours.fresh(creator_id, period),
        average_session_minutes.fresh(creator_id, period),
    )


def _response(stats: OverviewStats, days: pd.DataFrame, hours: pd.DataFrame, minutes: float | None) -> dict[str, Any]:
    return {
        "students": _students(stats),
        "progress": {
            "avgCompletion": _whole(stats.avg_completion_percent),
            "videosWatched": stats.videos_watched,
            "quizzesPassed": stats.quizzes_passed,
        },
        "engagement": {
            "dailyActiveUsers": _days(days),
            "peakHours": _hours(hours),
            "avgSessionTime": _whole(minutes),
        },
        "support": {
            "questionsAsked": stats.questions_asked,
            "aiAnswered": stats.questions_answered,
            "satisfactionRate": _hundredths(stats.satisfaction_rate),
        },
    }


def _students(stats: OverviewStats) -> dict[str, Any]:
    return {
        "total": stats.total_students,
        "active": stats.active_students_7d,
        "activePercentage": stats.active_percentage,
        "newThisMonth": stats.new_this_month,
        "trends": {"active": stats.active_change_percent, "new": stats.new_change_percent},
    }


def _days(days: pd.DataFrame) -> list[dict[str, Any]]:
    # Plain arrays: selecting rows of a frame cost more than the rest of the answer together.
    is_this = days["window"].to_numpy() == "this"
    dates = days["activity_date"].to_numpy()[is_this].astype("datetime64[D]").astype(str)
    counts = days["active_students"].to_numpy()[is_this]
    return [{"date": date, "count": count} for date, count in zip(dates.tolist(), counts.tolist(), strict=True)]


def _hours(hours: pd.DataFrame) -> list[dict[str, int]]:
    return [
        {"hour": int(hour), "count": int(count)}
        for hour, count in zip(hours["hour"], hours["signs_of_life"], strict=True)
    ]


def _whole(value: float | None) -> int | None:
    return None if value is None else round_half_up(value)


def _hundredths(value: float | None) -> float | None:
    # 100 * 0.285 is 28.499…: the decimal that PostgreSQL sent decides, not the float nearest to it.
    return None if value is None else float(Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP))
