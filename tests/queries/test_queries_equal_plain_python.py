"""Every query against a plain Python computation, on random histories seen at odd times.

All creators of this module are in one database and have students, videos and messages with
the same ids: a result that reached across creators would differ.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from database.tenancy import one_reading
from queries.overview import engagement
from queries.overview.dashboard import dashboard_response
from queries.overview.headline import overview_stats
from queries.periods.period import PERIODS
from queries.students.lists import StudentFilters, at_risk_students, student, students, tier_counts, top_performers
from tests import oracle
from tests.builders import NOW, History, histories, refreshed
from tests.queries import expected
from tests.queries.comparing import assert_same_rows, nearly

pytestmark = pytest.mark.usefixtures("shared_database")

MOMENTS = (
    NOW,
    datetime(2026, 3, 31, 22, 30, tzinfo=UTC),  # April has begun in Kolkata
    datetime(2026, 3, 1, tzinfo=UTC),
    datetime(2025, 12, 31, 23, 59, 59, tzinfo=UTC),
    datetime(2025, 10, 26, 13, tzinfo=UTC),  # some activities come a week later
)
FRAMES_OF_A_PERIOD = (
    "daily_active_users",
    "daily_total_students",
    "daily_completion",
    "daily_satisfaction",
    "peak_hours",
)
Lived = tuple[datetime, History]
lives = st.sampled_from(MOMENTS).flatmap(lambda now: st.tuples(st.just(now), histories(until=now)))


@contextmanager
def lived(life: Lived) -> Iterator[tuple[UUID, oracle.Source, datetime]]:
    """A creator with the history, at its time."""
    now, history = life
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASHBOARD_NOW", now.isoformat())
        creator = refreshed(history)
        source = oracle.source(creator.id)
        with one_reading():
            yield creator.id, source, now


@given(lives)
def test_the_days_and_hours_of_every_period(life: Lived):
    with lived(life) as (creator_id, source, now):
        for period in PERIODS.values():
            for name in FRAMES_OF_A_PERIOD:
                answer = getattr(engagement, name).fresh(creator_id, period)
                assert_same_rows(answer, getattr(expected, name)(source, now, period.days))


@given(lives)
def test_active_students_and_session_time_of_every_period(life: Lived):
    with lived(life) as (creator_id, source, now):
        for period in PERIODS.values():
            active = engagement.active_in_period.fresh(creator_id, period)
            assert asdict(active) == expected.active_in_period(source, now, period.days)

            minutes = engagement.average_session_minutes.fresh(creator_id, period)
            assert minutes == pytest.approx(expected.average_session_minutes(source, now, period.days))


@given(lives)
def test_the_overview(life: Lived):
    with lived(life) as (creator_id, source, now):
        stats = asdict(overview_stats.fresh(creator_id))

        assert stats.pop("refreshed_at") == now
        assert stats == nearly(expected.overview_stats(source, now))


@given(lives)
def test_every_student_and_every_list(life: Lived):
    with lived(life) as (creator_id, source, now):
        everyone = expected.students(source, now)

        by_id = students.fresh(creator_id, StudentFilters(sort_by="xp"))  # nobody has any XP: ties go by id
        assert by_id.total == len(everyone)
        assert_same_rows(by_id.students, everyone)
        for one in everyone:
            assert_same_rows(student.fresh(creator_id, one["student_id"]), [one])
        assert_same_rows(at_risk_students.fresh(creator_id), expected.at_risk_students(source, now))
        assert_same_rows(top_performers.fresh(creator_id), expected.top_performers(source, now))
        assert_same_rows(tier_counts.fresh(creator_id), expected.tier_counts(source, now))


@given(lives)
def test_the_answer_to_programs(life: Lived):
    with lived(life) as (creator_id, source, now):
        for period in PERIODS.values():
            assert dashboard_response(creator_id, period) == expected.dashboard(source, now, period.days)
