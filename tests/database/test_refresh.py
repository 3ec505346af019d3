"""The refresh among other transactions: nothing is lost, nobody waits, nothing is done twice."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import URL, Connection, TextClause, text
from sqlalchemy.exc import ProgrammingError

from database.engine import engine
from database.refresh import BUSY_SECONDS, rebuild, refresh, refresh_stale, stale_creators
from database.tenancy import platform_tx, tenant_tx
from tests.builders import (
    NOW,
    ACreator,
    Row,
    a_chat,
    a_creator,
    a_progress,
    a_question,
    a_quiz,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    a_watch,
    add,
    an_answer,
    an_attempt,
    an_event,
    change,
    refreshed,
    remove,
)
from tests.database.snapshots import assert_equal_to_rebuilt, snapshot
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

WAITING_FOR_US = text("select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))")
REFRESH = text("select refresh_creator_dashboard_views(:creator_id)")
HOLD_TOTALS = text("select from course_totals where creator_id = :creator_id for update")
LATE_IN_THE_DAY = NOW.replace(hour=23) - timedelta(days=1)
NOT_A_MOMENT = text("set local lock_timeout = '50ms'")


def test_refreshing_twice_changes_nothing():
    creator = a_creator(a_watch(), a_chat(), an_attempt(), an_event())
    first = snapshot(creator.id)

    refreshed(creator)

    assert snapshot(creator.id) == first


def test_a_refresh_leaves_no_marks_and_counts_the_version_up():
    creator = a_creator(a_watch())
    before = version(creator)

    add(creator, an_event())
    assert is_stale(creator)
    refreshed(creator)

    assert not is_stale(creator)
    assert version(creator) == before + 1


def test_a_refresh_notes_when_it_ran_and_how_long_it_took():
    creator = a_creator()

    [noted] = rows_of(creator.id, "creator_data_versions")

    assert noted["refreshed_at"] == NOW
    assert 0 < noted["refresh_seconds"] < 5
    assert rows_of(creator.id, "creator_analytics_cache")[0]["cached_at"] == NOW


def test_all_stale_creators_are_refreshed_and_no_other(database: URL):
    quiet, busy, busier = a_creator(), a_creator(), a_creator()
    add(busy, an_event())
    add(busier, an_event(), an_event())

    assert refresh_stale() == 2

    assert stale_creators() == []
    assert [version(creator) for creator in (quiet, busy, busier)] == [1, 2, 2]


def test_the_refresh_of_all_in_one_statement_gives_the_same_rows(database: URL):
    one, other = a_creator(a_watch()), a_creator(a_chat())
    add(one, an_event())
    add(other, an_event())

    with platform_tx() as connection:
        assert connection.execute(text("select refresh_creator_dashboard_views()")).scalar_one() == 2

    assert stale_creators() == []
    for creator in (one, other):
        assert_equal_to_rebuilt(creator)


def test_the_rebuild_of_all_in_one_statement_repairs_every_creator(database: URL):
    one, other = a_creator(a_watch()), a_creator(a_chat())
    before = snapshot(one.id), snapshot(other.id)
    with engine().begin() as owner:
        owner.execute(text("update course_totals set students = 99"))
        owner.execute(text("update student_totals set videos_watched = 99"))

    with platform_tx() as connection:
        assert connection.execute(text("select rebuild_creator_dashboard_views()")).scalar_one() == 2

    assert (snapshot(one.id), snapshot(other.id)) == before


def test_a_change_committed_after_the_refresh_looked_keeps_its_mark():
    creator = a_creator(a_student())

    with tenant_tx(creator.id) as refreshing:
        assert refreshing.execute(REFRESH, {"creator_id": creator.id}).scalar_one()
        add(creator, an_event())

    assert is_stale(creator)
    assert_equal_to_rebuilt(creator)


def test_a_change_committed_in_the_middle_of_a_refresh_is_not_lost():
    creator = a_creator(a_student(), a_video())
    add(creator, a_watch(days_ago=1))

    with refresh_in_the_middle(creator):
        add(creator, a_watch(days_ago=2))

    assert not is_stale(creator)  # the next portion took it
    assert_equal_to_rebuilt(creator)
    assert len(rows_of(creator.id, "daily_active_users")) == 2


def test_a_change_that_is_rolled_back_leaves_no_mark():
    creator = a_creator(a_student())

    with pytest.raises(ZeroDivisionError):
        run_and_fail(creator, text("update students set name = 'Bo Lind'"))

    assert not is_stale(creator)


def test_a_refresh_that_fails_keeps_the_marks_and_the_rows():
    creator = a_creator(an_event(days_ago=1))
    before = snapshot(creator.id)
    add(creator, an_event())

    with pytest.raises(ZeroDivisionError):
        run_and_fail(creator, REFRESH)

    assert is_stale(creator)
    assert snapshot(creator.id) == before
    assert_equal_to_rebuilt(creator)


def test_a_second_refresh_at_the_same_time_is_skipped():
    creator, other = a_creator(a_student()), a_creator(a_student())

    with tenant_tx(creator.id) as refreshing:
        assert refreshing.execute(REFRESH, {"creator_id": creator.id}).scalar_one()
        assert refresh(creator.id) is False
        assert refresh(other.id) is True

    assert refresh(creator.id) is True


WRITES = {
    "a student is added": "insert into students (creator_id, name) values (:creator_id, 'Bo Lind')",
    "a student is renamed": "update students set name = 'Bo Lind'",
    "a student leaves": "update students set deleted_at = dashboard_now()",
    "a student is erased": "delete from students",
    "a video is withdrawn": "update videos set status = 'failed'",
    "a video is erased": "delete from videos",
    "a video is watched again": "update video_progress set last_watched = dashboard_now(), completed = true",
    "progress is erased": "delete from video_progress",
    "playback is reported": "update watch_segments set end_second = end_second + 1",
    "an event comes": "insert into activity_events (creator_id, student_id, kind, occurred_at)"
    " select creator_id, id, 'login', dashboard_now() from students",
    "an answer is rated": "update chat_messages set helpful_rating = 1",
    "a conversation is erased": "delete from chat_sessions",
    "a quiz is erased": "delete from quizzes",
    "a curve is replaced": "update retention_points set viewers_percent = 0",
    "the zone changes": "update creators set timezone = 'Asia/Kolkata'",
}


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_a_writer_never_waits_for_a_refresh(statement: str):
    creator = a_creator(a_full_history())
    add(creator, a_full_history())

    with tenant_tx(creator.id) as refreshing:
        assert refreshing.execute(REFRESH, {"creator_id": creator.id}).scalar_one()
        with tenant_tx(creator.id) as writing:
            writing.execute(NOT_A_MOMENT)
            writing.execute(text(statement), {"creator_id": creator.id})

    assert_equal_to_rebuilt(creator)


@pytest.mark.parametrize("statement", WRITES.values(), ids=WRITES.keys())
def test_a_refresh_never_waits_for_a_writer(statement: str):
    creator = a_creator(a_full_history())
    add(creator, a_full_history())

    with tenant_tx(creator.id) as writing:
        writing.execute(text(statement), {"creator_id": creator.id})
        with tenant_tx(creator.id) as refreshing:
            refreshing.execute(NOT_A_MOMENT)
            assert refreshing.execute(REFRESH, {"creator_id": creator.id}).scalar_one()

    assert_equal_to_rebuilt(creator)


def test_a_student_who_leaves_takes_along_what_was_committed_meanwhile():
    ada, loops, tuples = a_student(), a_video("Loops"), a_video("Tuples")
    creator = a_creator(ada, loops, tuples, a_watch(ada, loops))

    with tenant_tx(creator.id) as leaving:
        leaving.execute(text("update students set deleted_at = dashboard_now()"))
        refreshed_with(creator, a_watch(ada, tuples, days_ago=3), a_chat(student=ada))

    assert_equal_to_rebuilt(creator)


def test_a_video_that_is_withdrawn_counts_for_nobody_who_completed_it_meanwhile():
    creator = a_creator(a_student(), a_video())

    with tenant_tx(creator.id) as withdrawing:
        withdrawing.execute(text("update videos set status = 'failed'"))
        refreshed_with(creator, a_progress(completed=True))

    assert_equal_to_rebuilt(creator)


def test_a_curve_counts_for_those_who_started_meanwhile():
    creator = a_creator(a_student(), a_video())

    with tenant_tx(creator.id) as drawing:
        drawing.execute(
            text(
                "insert into retention_points select creator_id, id, 50, 50 from videos where creator_id = :creator_id"
            ),
            {"creator_id": creator.id},
        )
        refreshed_with(creator, a_progress())

    assert_equal_to_rebuilt(creator)


def test_an_answer_answers_a_question_that_was_committed_meanwhile():
    ada, bo = a_student(), a_student("Bo Lind")
    session, question, answer = a_chat(a_question(), an_answer(rating=1), student=ada)
    creator = a_creator(ada, bo, session, a_chat(student=bo))

    with tenant_tx(creator.id) as answering:
        answering.execute(
            text(
                "insert into chat_messages"
                " (creator_id, session_id, student_id, role, content, helpful_rating, created_at, sequence)"
                " values (:creator_id, :session_id, :student_id, :role, :content, :helpful_rating, :created_at, 2)"
            ),
            answer.values | {"creator_id": creator.id},
        )
        # A writer that states the place of a message waits for nobody.
        refreshed_with(creator, Row(question.table, question.values | {"sequence": 1}))

    assert_equal_to_rebuilt(creator)


def test_a_new_zone_moves_what_was_written_meanwhile():
    creator = a_creator(a_student(), timezone="UTC")

    with tenant_tx(creator.id) as writing:
        writing.execute(
            text(
                "insert into activity_events (creator_id, student_id, kind, occurred_at)"
                " select creator_id, id, 'login', :at from students"
            ),
            {"at": LATE_IN_THE_DAY},
        )
        in_zone(creator, "Asia/Kolkata")
        refreshed(creator)

    assert_equal_to_rebuilt(creator)
    assert [row["activity_date"].day for row in rows_of(creator.id, "daily_active_users")] == [LATE_IN_THE_DAY.day + 1]


def test_a_new_zone_moves_every_day():
    creator = a_creator(an_event(at=LATE_IN_THE_DAY), timezone="UTC")
    assert [row["activity_date"].day for row in rows_of(creator.id, "daily_active_users")] == [LATE_IN_THE_DAY.day]

    in_zone(creator, "Asia/Kolkata")

    assert_equal_to_rebuilt(creator)
    assert [row["activity_date"].day for row in rows_of(creator.id, "daily_active_users")] == [LATE_IN_THE_DAY.day + 1]


def test_a_student_who_returns_brings_their_history_back():
    ada = a_student()
    creator = a_creator(ada, a_full_history())
    before = snapshot(creator.id)

    change(creator, ada, deleted_at=NOW)
    gone = snapshot(refreshed(creator).id)
    change(creator, ada, deleted_at=None)

    assert gone["student_days"] == gone["days"] == gone["student_totals"] == []
    assert snapshot(refreshed(creator).id) == before


def test_past_days_keep_students_and_videos_when_students_come_back():
    watched = a_progress(days_ago=5, watch_percentage=50)
    creator = a_creator(watched)
    [past_day] = rows_of(creator.id, "daily_active_users")

    for days_ago in (4, 3, 2):
        change(creator, only_progress(creator), last_watched=NOW - timedelta(days=days_ago))
        refreshed(creator)
    change(creator, only_progress(creator), first_watched=NOW, last_watched=NOW)
    refreshed(creator)

    days = rows_of(creator.id, "daily_active_users")
    assert sorted(day["activity_date"].day for day in days) == [1, 2, 4, 27, 28]
    assert past_day in days
    assert {day["videos_watched"] for day in days} == {1}


@pytest.mark.parametrize("recompute", [refresh, rebuild])
def test_whoever_is_erased_leaves_no_row_behind(recompute: Callable[[UUID], object]):
    ada, loops = a_student(), a_video()
    creator = a_creator(ada, loops, a_full_history())

    remove(creator, ada)
    remove(creator, loops)
    recompute(creator.id)

    assert {relation: rows for relation, rows in snapshot(creator.id).items() if rows} == {}
    [totals] = rows_of(creator.id, "creator_analytics_cache")
    assert (totals["total_students"], totals["total_videos"]) == (0, 0)


def test_only_what_changed_is_recomputed(database: URL):
    ada, bo = a_student(), a_student("Bo Lind")
    creator = a_creator(ada, bo, a_watch(ada, days_ago=1), a_watch(bo, days_ago=2))
    with engine().begin() as owner:
        owner.execute(text("update student_days set activities = 99"))

    add(creator, an_event(ada, days_ago=1))
    refreshed(creator)

    counted = {row["student_id"]: row["activities"] for row in rows_of(creator.id, "student_days")}
    assert counted[ada.id] < 99
    assert counted[bo.id] == 99


def test_a_creator_with_a_full_history_can_be_erased():
    creator, neighbour = a_creator(a_full_history()), a_creator(a_full_history())
    before = snapshot(neighbour.id)

    with platform_tx() as connection:
        connection.execute(text("delete from creators where id = :id"), {"id": creator.id})

    assert snapshot(creator.id) == {relation: [] for relation in before}
    assert snapshot(neighbour.id) == before
    assert not is_stale(creator)


def test_a_transaction_of_one_creator_cannot_refresh_another():
    mine, theirs = a_creator(a_student()), a_creator(a_student())
    add(theirs, an_event())

    with pytest.raises(ProgrammingError, match="cannot refresh creator"), tenant_tx(mine.id) as connection:
        connection.execute(REFRESH, {"creator_id": theirs.id})

    assert is_stale(theirs)


def test_the_scope_is_what_it_was_after_a_refresh():
    creator, other = a_creator(a_student()), a_creator(a_student("Bo Lind"))

    with tenant_tx(creator.id) as connection:
        connection.execute(REFRESH, {"creator_id": creator.id})
        assert connection.execute(text("select current_creator()")).scalar_one() == creator.id
        assert connection.execute(text("select name from students")).scalars().all() == ["Ada Moss"]
    with platform_tx() as connection:
        connection.execute(REFRESH, {"creator_id": other.id})
        assert connection.execute(text("select current_creator()")).scalar_one() is None


def test_a_rebuild_waits_for_a_refresh_and_then_runs():
    creator = a_creator(a_full_history())
    before = snapshot(creator.id)

    with ThreadPoolExecutor(1) as pool:
        with tenant_tx(creator.id) as refreshing:
            refreshing.execute(REFRESH, {"creator_id": creator.id})
            rebuilding = pool.submit(rebuild, creator.id)
            time.sleep(2 * BUSY_SECONDS)
            assert not rebuilding.done()
        rebuilding.result(timeout=30)

    assert snapshot(creator.id) == before


def a_full_history() -> list[object]:
    """A row in every source table."""
    return [
        a_quiz(),
        a_watch(days_ago=1),
        a_segment(days_ago=2),
        a_retention_curve({50: 80}),
        an_event(days_ago=3),
        an_attempt(days_ago=4),
        a_chat(a_question(), an_answer(rating=1), days_ago=5),
    ]


def refreshed_with(creator: ACreator, *rows: object) -> None:
    add(creator, *rows)
    refreshed(creator)


def run_and_fail(creator: ACreator, statement: TextClause) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(statement, {"creator_id": creator.id})
        raise ZeroDivisionError


def in_zone(creator: ACreator, timezone: str) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update creators set timezone = :timezone"), {"timezone": timezone})


def only_progress(creator: ACreator):
    [progress] = rows_of(creator.id, "video_progress")
    row = a_progress()
    return type(row)(row.table, progress)


def is_stale(creator: ACreator) -> bool:
    return creator.id in stale_creators()


def version(creator: ACreator) -> int:
    return rows_of(creator.id, "creator_data_versions")[0]["version"]


@contextmanager
def refresh_in_the_middle(creator: ACreator) -> Iterator[None]:
    """A refresh that has taken its changes and folded some of them, and is waiting for a sum."""
    with ThreadPoolExecutor(1) as pool:
        with engine().begin() as holding:
            holding.execute(HOLD_TOTALS, {"creator_id": creator.id})
            running = pool.submit(refresh, creator.id)
            wait_until_one_waits(holding)
            yield
        assert running.result(timeout=5) is True


def wait_until_one_waits(connection: Connection) -> None:
    """Until another transaction is waiting for what this one holds."""
    deadline = time.monotonic() + 5
    while connection.execute(WAITING_FOR_US).first() is None:
        assert time.monotonic() < deadline, "nobody waits"
        time.sleep(0.01)
