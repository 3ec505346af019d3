"""What is remembered, for whom, and until when."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID, uuid4

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event
from sqlalchemy.exc import DBAPIError

from database.engine import engine
from database.frames import frame
from database.refresh import refresh
from database.versions import data_version
from queries.cache.caching import ANSWERS, ForeignAnswer, cached_query
from queries.cache.editions import edition, one_look, reading
from queries.overview.engagement import daily_active_users, peak_hours
from queries.overview.headline import overview_stats
from queries.periods.period import MONTH, WEEK
from queries.students.lists import StudentFilters, students
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


@contextmanager
def transactions() -> Iterator[list[object]]:
    """Every transaction that is begun meanwhile."""
    begun: list[object] = []

    def note(connection):
        begun.append(connection)

    event.listen(engine(), "begin", note)
    try:
        yield begun
    finally:
        event.remove(engine(), "begin", note)


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

    with one_look(), statements() as sent:
        for creator_id in (creator.id, other.id):
            ask_two(creator_id)

    assert len(sent) == 2 * len(for_one)


def test_the_next_run_sees_what_changed(creator):
    with one_look():
        assert overview_stats(creator.id).total_students == 1
    add(creator, a_student("Bo Lind"))
    refresh(creator.id)

    with one_look():
        assert overview_stats(creator.id).total_students == 2


def test_a_version_that_could_not_be_looked_up_is_looked_up_again(creator, monkeypatch):
    with one_look():
        with monkeypatch.context() as away:
            away.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")
            with pytest.raises(Exception, match="refused"):
                overview_stats(creator.id)
        assert overview_stats(creator.id).total_students == 1


def test_rows_and_version_are_of_one_instant(creator):
    """A refresh between the look and the rows: the answer is of before, and filed as that."""
    with one_look():
        assert overview_stats(creator.id).total_students == 1
        in_another_thread(lambda: (add(creator, a_student("Bo Lind")), refresh(creator.id)))
        assert students(creator.id, StudentFilters()).total == 1

    assert students(creator.id, StudentFilters()).total == 2


def test_a_run_has_one_transaction_and_none_while_all_is_remembered(creator):
    with transactions() as first, one_look():
        ask_two(creator.id)
    known = edition(creator.id, data_version(creator.id))

    with transactions() as second, one_look() as looks:
        looks.take(known)
        ask_two(creator.id)

    assert (len(first), len(second)) == (1, 0)


def test_a_question_outside_of_a_run_has_one_transaction_too(creator):
    with transactions() as begun, statements() as sent:
        overview_stats(creator.id)

    assert len(begun) == 1
    assert len(sent) == 3  # the role, the look, the figures


def test_what_is_missed_after_a_write_is_of_the_newer_edition(creator):
    with one_look() as looks:
        before = looks.edition(creator.id)
        overview_stats(creator.id)
        add(creator, a_student("Bo Lind"))
        refresh(creator.id)

        assert students(creator.id, StudentFilters()).total == 2
        assert looks.edition(creator.id).version > before.version
        assert looks.has_moved_on

    with transactions() as sent:
        assert students(creator.id, StudentFilters()).total == 2
    assert len(sent) == 1  # the look


def test_an_answer_that_was_let_in_before_a_refresh_is_filed_under_what_was_read(creator):
    let_in = edition(creator.id, data_version(creator.id))
    add(creator, a_student("Bo Lind"))
    refresh(creator.id)

    with one_look() as looks:
        looks.take(let_in)
        assert overview_stats(creator.id).total_students == 2
        assert looks.edition(creator.id).version == data_version(creator.id) > let_in.version

    with reading(let_in):
        assert not ANSWERS.found((overview_stats, let_in, overview_stats._told((), ())))


def test_an_error_of_the_database_ends_the_transaction_and_the_next_question_opens_another(creator):
    with one_look():
        overview_stats(creator.id)
        with pytest.raises(DBAPIError):
            frame(creator.id, "select 1 / 0")
        assert students(creator.id, StudentFilters()).total == 1


@pytest.mark.reads_late
def test_whoever_reads_when_everything_should_be_read_is_answered_and_named(creator, caplog):
    with one_look() as looks:
        overview_stats(creator.id)
        looks.end()
        overview_stats(creator.id)
        assert not caplog.records

        assert students(creator.id, StudentFilters()).total == 1
    assert "reads while it draws" in caplog.text


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
    keys = [students._told((filters,), ()) for filters in (one, other)]

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


def in_another_thread(work) -> None:
    with ThreadPoolExecutor(1) as other:
        other.submit(work).result()


def assert_same(answer, fresh):
    if isinstance(answer, pd.DataFrame):
        pd.testing.assert_frame_equal(answer, fresh)
    elif hasattr(answer, "students"):
        pd.testing.assert_frame_equal(answer.students, fresh.students)
    else:
        assert answer == fresh
