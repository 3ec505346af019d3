"""What is remembered, for whom, and until when."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from database.engine import engine
from database.refresh import refresh
from database.versions import data_version
from queries.caching import Edition, ForeignAnswer, cached_query, looking_up_once, reading
from queries.engagement import daily_active_users, peak_hours
from queries.overview import overview_stats
from queries.periods import MONTH, WEEK
from queries.students import StudentFilters, students
from tests.builders import NOW, a_creator, a_student, add, an_event
from tests.queries.every_query import asked_with, every_query, name

# Few characters, those that a key could be made with among them, so that texts are often nearly equal.
some_filters = st.builds(
    StudentFilters,
    search=st.text(st.sampled_from('ab\n=&,:"\\{}'), max_size=3),
    status=st.sampled_from(["all", "active"]),
    progress=st.sampled_from([None, "0-25"]),
    sort_by=st.sampled_from(["name", "xp"]),
    limit=st.integers(1, 3),
    offset=st.integers(0, 2),
)

pytestmark = pytest.mark.usefixtures("shared_database")


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database meanwhile."""
    seen: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        seen.append(statement)

    event.listen(engine(), "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(engine(), "before_cursor_execute", note)


def asked(query, creator_id: UUID, *arguments) -> int:
    """The statements that a call sends beyond looking up which state of the data is current."""
    with statements() as for_the_version:
        data_version(creator_id)
    with statements() as in_all:
        query(creator_id, *arguments)
    return len(in_all) - len(for_the_version)


@pytest.fixture
def creator():
    return a_creator(a_student("Ada Moss"), an_event(days_ago=1))


def test_a_second_call_does_not_ask_the_database(creator):
    for query, arguments in asked_with(uuid4()):
        assert asked(query, creator.id, *arguments) > 0, name(query)
        assert asked(query, creator.id, *arguments) == 0, name(query)


def test_fresh_asks_the_database_every_time(creator):
    for query, arguments in asked_with(uuid4()):
        query(creator.id, *arguments)

        with statements() as sent:
            query.fresh(creator.id, *arguments)
        assert sent, name(query)


def test_the_version_is_looked_up_once_for_all_queries_of_a_run(creator):
    other = a_creator()
    with statements() as for_one:
        data_version(creator.id)
    for creator_id in (creator.id, other.id):
        ask_two(creator_id)

    with looking_up_once(), statements() as sent:
        for creator_id in (creator.id, other.id):
            ask_two(creator_id)

    assert len(sent) == 2 * len(for_one)


def test_the_next_run_sees_what_changed(creator):
    with looking_up_once():
        assert overview_stats(creator.id).total_students == 1
    add(creator, a_student("Bo Lind"))
    refresh(creator.id)

    with looking_up_once():
        assert overview_stats(creator.id).total_students == 2


def test_a_version_that_could_not_be_looked_up_is_looked_up_again(creator, monkeypatch):
    with looking_up_once():
        with monkeypatch.context() as away:
            away.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
            with pytest.raises(Exception, match="refused"):
                overview_stats(creator.id)
        assert overview_stats(creator.id).total_students == 1


def ask_two(creator_id: UUID) -> None:
    overview_stats(creator_id)
    daily_active_users(creator_id, WEEK)


def test_equal_filters_are_one_key_and_others_another(creator):
    students(creator.id, StudentFilters(search="ada"))

    assert asked(students, creator.id, StudentFilters(search="ada")) == 0
    assert asked(students, creator.id, StudentFilters(search="bo")) > 0
    assert students(creator.id, StudentFilters(search="bo")).total == 0


@given(one=some_filters, other=some_filters)
def test_filters_that_differ_never_share_a_key(one, other):
    creator_id = UUID(int=1)
    with reading(Edition(creator_id, 1, 1, None)):
        keys = [students._parts(creator_id, (filters,), {}) for filters in (one, other)]

    assert (keys[0] == keys[1]) == (one == other)


def test_a_refresh_shows_at_once(creator):
    assert overview_stats(creator.id).total_students == 1

    add(creator, a_student("Bo Lind"))
    assert overview_stats(creator.id).active_students_7d == 1
    assert refresh(creator.id)

    assert overview_stats(creator.id).total_students == 2
    assert daily_active_users(creator.id, WEEK).active_students.sum() == 1


def test_a_refresh_of_another_creator_forgets_nothing(creator):
    overview_stats(creator.id)

    refresh(a_creator().id)

    assert asked(overview_stats, creator.id) == 0


def test_queries_with_equal_arguments_never_answer_for_each_other(creator):
    for period in (WEEK, MONTH):
        of_one_period = [(query, arguments) for query, arguments in asked_with(uuid4(), [period])]
        for query, arguments in of_one_period:
            query(creator.id, *arguments)
        for query, arguments in of_one_period:
            assert_same(query(creator.id, *arguments), query.fresh(creator.id, *arguments))


def test_queries_of_the_same_text_in_different_places_have_their_own_answers(creator):
    def one():
        @cached_query
        def figure(creator_id: UUID) -> str:
            return "one"

        return figure

    def other():
        @cached_query
        def figure(creator_id: UUID) -> str:
            return "other"

        return figure

    assert [one()(creator.id), other()(creator.id), one()(creator.id)] == ["one", "other", "one"]


@pytest.mark.parametrize("query", every_query(), ids=name)
def test_a_foreign_answer_is_never_shown(creator, monkeypatch, query):
    monkeypatch.setattr(query, "_remembered", lambda *_key: (uuid4(), "another creator's figures"))

    with pytest.raises(ForeignAnswer, match=name(query)):
        query(creator.id)


def test_another_fixed_time_is_another_key(creator, monkeypatch):
    assert overview_stats(creator.id).active_students_7d == 1

    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(days=7)).isoformat())
    assert overview_stats(creator.id).active_students_7d == 0

    monkeypatch.setenv("DASHBOARD_NOW", NOW.isoformat())
    assert asked(overview_stats, creator.id) == 0
    assert overview_stats(creator.id).active_students_7d == 1


def test_what_a_caller_does_to_an_answer_stays_with_the_caller(creator):
    hours = peak_hours(creator.id, WEEK)
    untouched = hours.copy()
    hours.loc[:, "signs_of_life"] = -1
    del hours["hour"]
    listed = students(creator.id, StudentFilters()).students
    listed.loc[:, "name"] = "Mallory"

    pd.testing.assert_frame_equal(peak_hours(creator.id, WEEK), untouched)
    assert students(creator.id, StudentFilters()).students.name.tolist() == ["Ada Moss"]


def test_a_failure_is_not_remembered(creator, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
    with pytest.raises(Exception, match="refused"):
        overview_stats(creator.id)
    monkeypatch.undo()

    assert overview_stats(creator.id).total_students == 1


def assert_same(answer, fresh):
    if isinstance(answer, pd.DataFrame):
        pd.testing.assert_frame_equal(answer, fresh)
    elif hasattr(answer, "students"):
        pd.testing.assert_frame_equal(answer.students, fresh.students)
    else:
        assert answer == fresh
