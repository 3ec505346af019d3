"""An outsider sees nothing of another creator, whatever the cache holds."""

from dataclasses import asdict, is_dataclass
from uuid import UUID, uuid4

import pandas as pd
import pytest

from queries.dashboard import dashboard_response
from queries.overview import OverviewStats
from queries.periods import MONTH
from queries.students import AtRisk, StudentFilters, StudentPage, student, students
from tests.builders import (
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_student,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
)
from tests.queries.every_query import ALL_PERIODS, asked_with, every_query, name

pytestmark = pytest.mark.usefixtures("shared_database")

# What an answer may hold for a creator who has nothing: labels of days and hours, zeros, nothing.
LABELS = ["activity_date", "shown_at", "window", "hour"]


@pytest.fixture(scope="module")
def owner(shared_database):
    """A creator about whom every query has something to say."""
    active, silent = a_student("Ada Moss"), a_student("Bo Lind", enrolled_days_ago=90)
    return a_creator(
        active,
        silent,
        a_watch(active, days_ago=2),
        a_progress(active, days_ago=1, watch_percentage=80),
        an_attempt(active),
        a_chat(a_question(rating=1), an_answer(), student=active, days_ago=3),
        an_event(silent, days_ago=20),
    )


@pytest.fixture(scope="module")
def owned_student(owner) -> UUID:
    return students.fresh(owner.id, StudentFilters(sort_by="name", sort_order="asc")).students.student_id[0]


def says_something(answer) -> bool:
    """Whether there is any figure but zero in an answer."""
    if isinstance(answer, StudentPage):
        return bool(answer.total or len(answer.students))
    if isinstance(answer, AtRisk):
        return bool(answer.total or len(answer.students))
    if isinstance(answer, OverviewStats):
        return any(value for field, value in asdict(answer).items() if field != "refreshed_at")
    if isinstance(answer, pd.DataFrame):
        return bool(answer.drop(columns=LABELS, errors="ignore").fillna(0).astype(bool).any(axis=None))
    return any(asdict(answer).values()) if is_dataclass(answer) else bool(answer)


def test_every_query_is_asked(owned_student):
    assert {query for query, _ in asked_with(owned_student)} == set(every_query())
    assert len(every_query()) >= 13


def test_every_query_tells_the_owner_something(owner, owned_student):
    for query, arguments in asked_with(owned_student, ALL_PERIODS):
        assert says_something(query(owner.id, *arguments)), name(query)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_outsider_is_told_nothing_even_after_the_owner_warmed_the_cache(owner, owned_student, is_known):
    outsider_id = a_creator().id if is_known else uuid4()
    for query, arguments in asked_with(owned_student, ALL_PERIODS):
        query(owner.id, *arguments)

        assert not says_something(query(outsider_id, *arguments)), name(query)
        assert not says_something(query.fresh(outsider_id, *arguments)), name(query)


def test_another_creators_student_is_answered_like_an_unknown_one(owner, owned_student):
    outsider = a_creator(a_student())
    student(owner.id, owned_student)

    foreign, unknown = student(outsider.id, owned_student), student(outsider.id, uuid4())

    assert len(student(owner.id, owned_student)) == 1
    assert foreign.empty
    pd.testing.assert_frame_equal(foreign, unknown)


def test_creators_with_the_same_student_id_each_see_their_own(shared_database):
    student_id = uuid4()
    one = a_creator(a_student("Ada", id=student_id), an_event(days_ago=1))
    other = a_creator(a_student("Bo", id=student_id))

    assert student(one.id, student_id).name.tolist() == ["Ada"]
    assert student(other.id, student_id).name.tolist() == ["Bo"]
    assert student(other.id, student_id).last_active.isna().all()


def test_programs_are_told_nothing_about_another_creator(owner):
    dashboard_response(owner.id, MONTH)

    answer = dashboard_response(a_creator().id, MONTH)

    assert answer["students"]["total"] == 0
    assert not any(day["count"] for day in answer["engagement"]["dailyActiveUsers"])
    assert answer["support"] == {"questionsAsked": 0, "aiAnswered": 0, "satisfactionRate": None}
