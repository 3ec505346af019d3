"""The pages' queries, cold and from the cache."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from benchmarks.measuring import Timing, timed
from database.tenancy import tenant_tx
from database.versions import data_version
from queries.overview.dashboard import dashboard_response
from queries.overview.engagement import (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    daily_completion,
    daily_satisfaction,
    daily_total_students,
    peak_hours,
)
from queries.overview.headline import overview_stats
from queries.periods.period import MONTH, QUARTER, Period
from queries.students.lists import (
    StudentFilters,
    at_risk_students,
    most_at_risk,
    student,
    students,
    tier_counts,
    top_performers,
)

REPEATS = 20

OF_A_PERIOD = (
    active_in_period,
    average_session_minutes,
    daily_active_users,
    daily_completion,
    daily_satisfaction,
    daily_total_students,
    peak_hours,
)
LISTS = {
    "students": StudentFilters(),
    "students, by name": StudentFilters(sort_by="name", sort_order="asc"),
    "students, searched": StudentFilters(search="an"),
    "students, filtered": StudentFilters(status="at-risk", progress="0-25", sort_by="progress"),
    "students, far page": StudentFilters(sort_by="xp", offset=5_000),
}
SOMEBODY = text("select id from students where deleted_at is null order by id limit 1")


@dataclass(frozen=True)
class Read:
    """A query's time from the database and from the cache (None: it is not cached as a whole)."""

    name: str
    cold: Callable[[], object]
    warm: Callable[[], object] | None


@dataclass(frozen=True)
class MeasuredRead:
    name: str
    cold: Timing
    warm: Timing | None


def bare_select(creator_id: UUID) -> Timing:
    """The minimum of any query: `select 1` in a transaction."""

    def select_one() -> None:
        with tenant_tx(creator_id) as connection:
            connection.execute(text("select 1")).scalar_one()

    return timed(select_one, 5 * REPEATS)


def measured_reads(creator_id: UUID) -> Iterator[MeasuredRead]:
    """Every query of the pages, one after the other."""
    for read in _reads(creator_id):
        yield MeasuredRead(read.name, timed(read.cold, REPEATS), read.warm and timed(read.warm, 5 * REPEATS))


def _reads(creator_id: UUID) -> Iterator[Read]:
    yield Read("data_version", lambda: data_version(creator_id), None)
    yield Read("overview_stats", lambda: overview_stats.fresh(creator_id), lambda: overview_stats(creator_id))
    for period in (MONTH, QUARTER):
        yield from _reads_of_period(creator_id, period)
    for name, filters in LISTS.items():
        yield _list_read(creator_id, name, filters)
    yield Read("at_risk_students", lambda: at_risk_students.fresh(creator_id), lambda: at_risk_students(creator_id))
    yield Read("most_at_risk", lambda: most_at_risk.fresh(creator_id), lambda: most_at_risk(creator_id))
    yield Read("top_performers", lambda: top_performers.fresh(creator_id), lambda: top_performers(creator_id))
    yield Read("tier_counts", lambda: tier_counts.fresh(creator_id), lambda: tier_counts(creator_id))
    one = _somebody(creator_id)
    yield Read("student", lambda: student.fresh(creator_id, one), lambda: student(creator_id, one))


def _reads_of_period(creator_id: UUID, period: Period) -> Iterator[Read]:
    for query in OF_A_PERIOD:
        name = f"{query.fresh.__qualname__}, {period.key}"
        yield Read(
            name,
            lambda query=query: query.fresh(creator_id, period),  # type: ignore[misc]
            lambda query=query: query(creator_id, period),  # type: ignore[misc]
        )
    yield Read(f"dashboard_response, {period.key} (cached parts)", lambda: dashboard_response(creator_id, period), None)


def _list_read(creator_id: UUID, name: str, filters: StudentFilters) -> Read:
    return Read(name, lambda: students.fresh(creator_id, filters), lambda: students(creator_id, filters))


def _somebody(creator_id: UUID) -> UUID:
    with tenant_tx(creator_id) as connection:
        found: UUID = connection.execute(SOMEBODY).scalar_one()
        return found
