"""An outsider sees nothing of another creator, whatever the cache holds."""

from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from typing import Any
from uuid import UUID, uuid4

import pandas as pd
import pytest

from actions.videos import VideoUpdates, update_video
from queries.cache.answer_format import encoded
from queries.cache.caching import CachedQuery
from queries.courses.known import UnknownCourse
from queries.overview.dashboard import dashboard_response
from queries.overview.headline import OverviewStats
from queries.periods.period import MONTH
from queries.students.lists import AtRisk, StudentFilters, StudentPage, student, students
from tests.builders import (
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
    refreshed,
)
from tests.pages.test_periods import author_of
from tests.queries.every_answer import Told, all_queries, arguments, full_name
from tests.queries.every_query import ALL_PERIODS, asked_with, every_query, name

pytestmark = pytest.mark.usefixtures("shared_database")

# What a result may contain for a creator who has nothing: labels of days and hours, zeros, nothing.
LABELS = ["activity_date", "shown_at", "window", "hour"]


@pytest.fixture(scope="module")
def owner(shared_database):
    """A creator for whom every query returns something."""
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
    for query, given in asked_with(owned_student, ALL_PERIODS):
        assert says_something(query(owner.id, *given)), name(query)


@pytest.mark.parametrize("is_known", [True, False])
def test_an_outsider_is_told_nothing_even_after_the_owner_warmed_the_cache(owner, owned_student, is_known):
    outsider_id = a_creator().id if is_known else uuid4()
    for query, given in asked_with(owned_student, ALL_PERIODS):
        query(owner.id, *given)

        assert not says_something(query(outsider_id, *given)), name(query)
        assert not says_something(query.fresh(outsider_id, *given)), name(query)


@pytest.fixture(scope="module")
def told_of(shared_database: Any) -> Told:
    """A course with something to find everywhere: twelve students, most lost at one place, one finished."""
    *silent, finisher = people = [a_student(f"Student {number:02}", enrolled_days_ago=90) for number in range(12)]
    loops, recursion = (a_video(title, duration_seconds=600, position=place) for place, title in enumerate("LR"))
    quiz = a_quiz(video=loops)
    question = a_quiz_question(quiz)
    creator = a_creator(
        people,
        loops,
        recursion,
        quiz,
        question,
        [a_watch(person, loops, days_ago=20, seconds=200) for person in people],
        [
            a_watch(person, loops, days_ago=19 + day, start_second=50, seconds=60)
            for person in people
            for day in range(3)
        ],
        [a_watch(person, recursion, days_ago=18, seconds=500) for person in silent[5:]],
        [a_progress(finisher, video, days_ago=2, watch_percentage=100, completed=True) for video in (loops, recursion)],
        [an_attempt(person, quiz, days_ago=18, passed=False, answers={question: False}) for person in people],
        [a_chat(a_question(rating=0.2, video=loops), an_answer(), student=person, days_ago=18) for person in people],
        timezone="Asia/Tokyo",
    )
    update_video(author_of(creator), creator.id, loops.id, VideoUpdates(title="Loops", transcript="Loops run."))
    refreshed(creator)
    return Told(creator.id, people[0].id, loops.id, quiz.id)


@pytest.mark.parametrize("query", all_queries(), ids=full_name)
def test_every_query_answers_an_outsider_as_if_what_it_asks_about_did_not_exist(
    query: CachedQuery[..., Any], told_of: Told
) -> None:
    outsider_id = a_creator().id
    asked, unknown = arguments(query, told_of), arguments(query, Told(outsider_id, uuid4(), uuid4(), uuid4()))

    to_owner = answer(query, told_of.creator_id, asked)  # and the cache is warm
    remembered, fresh = answer(query, outsider_id, asked), answer(query.fresh, outsider_id, asked)

    assert remembered == fresh
    # It does not say whose course it is, only that the outsider has none.
    assert fresh is UnknownCourse or fresh == answer(query, outsider_id, unknown)
    assert to_owner != fresh


def answer(query: Callable[..., Any], creator_id: UUID, asked: tuple[Any, ...]) -> Any:
    """The result in written form, or which error occurs."""
    try:
        return encoded({}, query(creator_id, *asked))
    except UnknownCourse:
        return UnknownCourse


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
