"""Keep the rollups fresh: one transaction per creator."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from database.each import each, rested
from database.engine import engine
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx

KIND = "refresh"  # of failures
REBUILD_SECONDS = 600.0  # 10,000 students take half a minute

REFRESH = text("select refresh_creator_dashboard_views(:creator_id)")
REBUILD = text("select rebuild_creator_dashboard_views(:creator_id)")
# Only the owner may analyze: it is the login role that does, and it reads nothing.
MEASURE = text(
    "analyze student_activity, student_sessions, daily_active_users, daily_student_activity, "
    "hourly_activity, video_analytics, most_asked_questions"
)
STALE = text("select distinct creator_id from stale_marks order by creator_id")


def refresh(creator_id: UUID, limit_seconds: float = JOB_SECONDS) -> bool:
    """Recompute what changed for one creator; False when a refresh of this creator is already running."""
    with tenant_tx(creator_id, limit_seconds=limit_seconds) as connection:
        return bool(connection.execute(REFRESH, {"creator_id": creator_id}).scalar_one())


def rebuild(creator_id: UUID, limit_seconds: float = REBUILD_SECONDS) -> None:
    """Recompute every figure of one creator from the source tables."""
    with platform_tx(limit_seconds=limit_seconds) as connection:
        connection.execute(REBUILD, {"creator_id": creator_id})
    measure_rollups()


def measure_rollups() -> None:
    """Tell the planner how large the rollups have become, after a load; reads are 2 to 4 times slower without."""
    with engine().begin() as connection:
        connection.execute(MEASURE)


def stale_creators() -> list[UUID]:
    """The creators with changes that no refresh has seen yet."""
    with platform_tx() as connection:
        return list(connection.execute(STALE).scalars())


def refresh_stale() -> int:
    """Refresh every creator with changes; how many were refreshed."""
    return refresh_each(stale_creators())


def refresh_rested() -> int:
    """The same without creators whose refresh failed again and again, who are tried less and less often."""
    return refresh_each(rested(stale_creators(), KIND))


def refresh_each(creator_ids: Iterable[UUID]) -> int:
    """Refresh these creators, each in a transaction of its own; how many were refreshed."""
    return sum(each(creator_ids, refresh, KIND))


def rebuild_each(creator_ids: Iterable[UUID]) -> int:
    """Recompute every figure of these creators, each in a transaction of its own; how many were rebuilt."""
    return len(each(creator_ids, rebuild, KIND))
