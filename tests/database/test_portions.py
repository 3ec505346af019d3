"""Figures in portions: if one is stopped, the next continues; nobody is held up, nobody sees half a generation."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from threading import current_thread, main_thread
from uuid import UUID

import pytest
from psycopg2.errors import DeadlockDetected
from sqlalchemy import Connection, text
from sqlalchemy.exc import OperationalError, ProgrammingError

from database import refresh as work
from database.clock import as_of
from database.engine import engine
from database.refresh import (
    PORTION,
    Portion,
    Refreshing,
    rebuild,
    refresh,
    refresh_each,
    refresh_within,
    stale_creators,
)
from database.tenancy import platform_tx, tenant_tx
from database.versions import data_version
from tests.builders import ACreator, a_chat, a_creator, a_student, a_watch, add, an_attempt, an_event
from tests.database.portions import a_portion
from tests.database.snapshots import CORE
from tests.oracle import rows_of
from tests.rows import NOW

pytestmark = pytest.mark.usefixtures("shared_database")

MANY = 25
MANY_KEYS = text(
    """
    insert into changes (creator_id, kind, subjects)
    select
        :creator_id,
        'enrolled',
        array(select gen_random_uuid() from generate_series(1, :keys))
    """
)


def test_a_portion_takes_so_many_keys_and_the_next_goes_on():
    creator = a_creator()
    add(creator, *(a_student() for _ in range(MANY)))

    first = a_portion(creator, most_keys=10)

    assert (first.keys_done <= 10, students_counted(creator) < MANY) == (True, True)
    while first.keys_left:
        first = a_portion(creator, most_keys=10)
    assert students_counted(creator) == MANY
    assert creator.id not in stale_creators()


def test_a_change_of_many_keys_in_one_statement_is_cut():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    written(creator, "update students set deleted_at = dashboard_now()")

    portions = []
    while not portions or portions[-1].keys_left:
        portions.append(a_portion(creator, most_keys=300))

    # A student who left counts as a hundred keys: a whole history.
    assert len(portions) > MANY / 3
    assert students_counted(creator) == 0


def test_a_key_that_is_named_again_and_again_counts_once():
    creator = a_creator(a_student(), a_student())
    refresh(creator.id)
    for _ in range(3):
        written(creator, "update students set created_at = created_at + interval '1 minute'")

    portion = a_portion(creator, most_keys=2)

    assert portion.keys_left == 0  # six keys are named, two of them distinct


def test_every_portion_leaves_the_sums_equal_to_the_folds():
    creator = a_creator()
    add(creator, *(a_student(created_at=NOW - timedelta(days=days)) for days in range(MANY)))

    left = 1
    while left:
        left = a_portion(creator, most_keys=4).keys_left
        folded = rows_of(creator.id, "enrolled_students")
        assert sum(row["enrolments"] for row in rows_of(creator.id, "days")) == len(folded) == students_counted(creator)


def test_a_portion_that_fails_leaves_everything_as_it_was(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(a_student())
    add(creator, a_student())

    with pytest.raises(ZeroDivisionError):
        portion_that_fails(creator)

    assert students_counted(creator) == 1
    assert refresh(creator.id)
    assert students_counted(creator) == 2


def test_creators_take_turns(monkeypatch: pytest.MonkeyPatch):
    large, small = a_creator(), a_creator()
    add(large, *(a_student() for _ in range(MANY)))
    add(small, a_student())
    monkeypatch.setattr(work, "MOST_KEYS", 5)
    told: list[Portion] = []

    assert refresh_each([large.id, small.id], told=told.append) == 2

    turns = [portion.creator_id for portion in told]
    assert turns[:2] == [large.id, small.id]
    assert turns.count(large.id) > MANY / 5
    assert told[-1].keys_left == 0


def test_a_round_ends_in_time_and_leaves_the_rest_to_the_next(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator()
    add(creator, *(a_student() for _ in range(MANY)))
    monkeypatch.setattr(work, "MOST_KEYS", 5)

    refresh_each([creator.id], seconds=0)
    assert students_counted(creator) == 0
    refresh_each([creator.id])
    assert students_counted(creator) == MANY


def test_whoever_waits_gets_what_is_done_by_then(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator()
    add(creator, *(a_student() for _ in range(MANY)))
    monkeypatch.setattr(work, "MOST_KEYS", 5)

    assert refresh_within(creator.id, 0.0001)
    assert 0 < students_counted(creator) < MANY
    assert refresh_within(creator.id, 60) == 0
    assert students_counted(creator) == MANY


def test_an_arrival_that_met_another_refresh_shows_at_the_next_look():
    creator = a_creator()
    add(creator, a_student())

    with tenant_tx(creator.id) as busy:
        busy.execute(PORTION, {"creator_id": creator.id, "most_keys": 10, "most_students": 10})
        before = data_version(creator.id)
        busy.rollback()

    assert data_version(creator.id) > before
    assert students_counted(creator) == 1


def test_while_one_process_is_at_it_another_leaves_it_alone():
    creator = a_creator()
    add(creator, a_student())

    with tenant_tx(creator.id) as busy:
        busy.execute(PORTION, {"creator_id": creator.id, "most_keys": 10, "most_students": 10})
        assert Refreshing(creator.id).portion() is None
        assert not refresh(creator.id)

    assert students_counted(creator) == 1


def test_a_portion_of_another_creator_is_refused():
    one, other = a_creator(), a_creator()

    with pytest.raises(ProgrammingError, match=f"cannot refresh creator {other.id}"), tenant_tx(one.id) as connection:
        connection.execute(PORTION, {"creator_id": other.id, "most_keys": 10, "most_students": 10})


def test_the_refresh_in_one_transaction_stops_after_five_thousand_keys_and_says_what_is_left():
    creator = a_creator()
    with tenant_tx(creator.id, limit_seconds=60) as connection:
        connection.execute(
            text(
                "insert into students (creator_id, name)"
                " select current_creator(), 'Ada Moss' from generate_series(1, 7000)"
            )
        )

    with tenant_tx(creator.id, limit_seconds=60) as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute("select refresh_creator_dashboard_views(%s)", (str(creator.id),))
        notices = list(cursor.connection.notices)

    assert 5000 <= students_counted(creator) < 7000
    assert any(f"keys of creator {creator.id} are left" in notice for notice in notices)
    assert refresh(creator.id)
    assert students_counted(creator) == 7000


def test_readers_see_the_old_days_until_all_of_the_new_ones_are_there():
    creator = a_creator(*(a_student(created_at=NOW.replace(hour=23, minute=30)) for _ in range(MANY)), timezone="UTC")
    assert enrolments_shown(creator) == {NOW.date(): MANY}

    written(creator, "update creators set timezone = 'Asia/Kolkata'")
    add(creator, a_student(created_at=NOW.replace(hour=23, minute=30)))

    seen, left = [], 1
    while left:
        left = a_portion(creator, most_students=5).keys_left
        seen.append(enrolments_shown(creator))
    old, new = {NOW.date(): MANY + 1}, {NOW.date() + timedelta(days=1): MANY + 1}
    assert [one for one in seen if one not in (old, new)] == []
    assert (seen[0], seen[-1]) == (old, new)
    assert generations(creator) == ["shown"]
    assert {row["generation"] for row in rows_of(creator.id, "enrolled_students")} == {2}


def test_a_zone_that_changes_while_the_last_one_is_built_is_the_one_that_is_shown():
    creator = a_creator(*(a_student(created_at=NOW.replace(hour=23, minute=30)) for _ in range(MANY)), timezone="UTC")
    written(creator, "update creators set timezone = 'Asia/Kolkata'")
    a_portion(creator, most_students=5)
    written(creator, "update creators set timezone = 'America/New_York'")

    assert refresh(creator.id)

    assert enrolments_shown(creator) == {NOW.date(): MANY}
    assert generations(creator) == ["shown"]


def test_students_who_come_and_go_while_everything_is_built_are_right_in_both():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    with tenant_tx(creator.id) as connection:
        connection.execute(work.REBUILD, {"creator_id": creator.id})
    a_portion(creator, most_students=10)

    add(creator, a_student(), a_student())
    written(
        creator,
        "update students set deleted_at = dashboard_now() where id = (select min(id::text)::uuid from students)",
    )
    written(creator, "delete from students where id = (select max(id::text)::uuid from students)")
    a_portion(creator, most_students=1)
    assert students_counted(creator) == MANY

    assert refresh(creator.id)
    assert students_counted(creator) == MANY


def test_a_rebuild_folds_nothing_twice_after_a_load():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    written(creator, "update students set deleted_at = dashboard_now()")  # a student counts as a hundred keys
    with tenant_tx(creator.id) as connection:
        connection.execute(work.REBUILD, {"creator_id": creator.id})

    a_portion(creator, most_keys=1, most_students=1)

    assert rows_of(creator.id, "changes") == []
    assert students_counted(creator) == MANY  # readers see the complete old generation
    assert refresh(creator.id)
    assert students_counted(creator) == 0


def test_what_takes_longer_to_fold_than_to_rebuild_is_rebuilt():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    with tenant_tx(creator.id) as connection:
        connection.execute(MANY_KEYS, {"creator_id": creator.id, "keys": 20_001})

    done = [a_portion(creator, most_keys=10)]
    while done[-1].keys_left:
        done.append(a_portion(creator, most_keys=10))

    assert len(done) < MANY  # and not 2,000
    assert students_counted(creator) == MANY
    assert rows_of(creator.id, "changes") == []


def test_what_comes_later_than_now_is_not_forgotten_by_a_rebuild():
    creator = a_creator(student := a_student(), an_event(student, at=NOW + timedelta(hours=1)))

    rebuild(creator.id)

    with as_of(NOW + timedelta(hours=2)):
        refresh(creator.id)
        assert sum(row["activities"] for row in rows_of(creator.id, "days")) == 1


def test_answers_are_kept_while_nothing_that_is_shown_has_changed():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    shown = data_version(creator.id)
    with tenant_tx(creator.id) as connection:
        connection.execute(work.REBUILD, {"creator_id": creator.id})

    versions = [shown]
    while a_portion(creator, most_students=4).keys_left:
        versions.append(data_version(creator.id))

    assert (len(versions) > MANY / 4, len(set(versions))) == (True, 2)  # the old figures, then the new ones


def test_two_connections_build_students_at_once():
    creator = a_creator(*(a_student() for _ in range(MANY)))
    with tenant_tx(creator.id) as connection:
        connection.execute(work.REBUILD, {"creator_id": creator.id})
    a_portion(creator, most_students=1)

    asked = {"creator_id": creator.id, "most_students": 2}
    with tenant_tx(creator.id) as one, tenant_tx(creator.id) as other:
        built = [connection.execute(work.BESIDE, asked).scalar_one() for connection in (one, other)]
        assert Refreshing(creator.id).portion() is None  # until both have ended

    assert built == [2, 2]
    assert refresh(creator.id)
    assert students_counted(creator) == MANY


def test_a_rebuild_uses_several_connections_where_there_is_enough_to_do(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(*(a_student() for _ in range(MANY)))
    monkeypatch.setattr(work, "FIRST_STUDENTS", 2)
    monkeypatch.setattr(work, "MOST_STUDENTS", 2)
    built: list[int] = []
    beside = Refreshing._built
    monkeypatch.setattr(Refreshing, "_built", lambda self: built.append(found := beside(self)) or found)

    rebuild(creator.id)

    assert (len(built) >= 8, sum(built) > MANY / 2) == (True, True)
    assert students_counted(creator) == MANY


def test_building_beside_is_for_ones_own_creator():
    creator, other = a_creator(), a_creator()
    with pytest.raises(ProgrammingError, match="cannot build figures"), tenant_tx(creator.id) as connection:
        connection.execute(work.BESIDE, {"creator_id": other.id, "most_students": 1})


def test_two_who_gave_way_to_each_other_are_built_at_the_next_call(monkeypatch: pytest.MonkeyPatch):
    creator = a_creator(*(a_student() for _ in range(MANY)))
    monkeypatch.setattr(work, "FIRST_STUDENTS", 2)
    monkeypatch.setattr(work, "MOST_STUDENTS", 2)
    gave_way: list[UUID] = []

    @contextmanager
    def giving_way_once(creator_id: UUID, limit_seconds: float = 60) -> Iterator[Connection]:
        with tenant_tx(creator_id, limit_seconds) as connection:
            yield connection
            if current_thread() is not main_thread() and not gave_way:
                gave_way.append(creator_id)
                raise OperationalError("select build_beside", {}, DeadlockDetected())

    monkeypatch.setattr(work, "tenant_tx", giving_way_once)

    rebuild(creator.id)

    assert gave_way
    assert students_counted(creator) == MANY


def test_a_rebuild_repairs_whatever_stands_in_the_sums():
    creator = a_creator(a_student(), a_student())
    with engine().begin() as owner:
        owner.execute(text("update course_totals set students = 99 where creator_id = :id"), {"id": creator.id})

    rebuild(creator.id)

    assert students_counted(creator) == 2


def test_deleting_a_creator_takes_everything_along():
    creator = a_creator(a_watch(), a_chat(), an_attempt(), an_event())
    with tenant_tx(creator.id) as connection:
        connection.execute(work.REBUILD, {"creator_id": creator.id})
    a_portion(creator, most_students=1)  # rows of two generations
    add(creator, a_student())

    with platform_tx() as connection:
        connection.execute(text("delete from creators where id = :id"), {"id": creator.id})

    for relation in ("changes", "creator_generations", *CORE):
        assert rows_of(creator.id, relation) == [], relation


def written(creator: ACreator, statement: str) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(text(statement))


def portion_that_fails(creator: ACreator) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(PORTION, {"creator_id": creator.id, "most_keys": 10, "most_students": 10})
        raise ZeroDivisionError


def shown_generation(creator_id: UUID) -> int | None:
    return next(
        (row["generation"] for row in rows_of(creator_id, "creator_generations") if row["state"] == "shown"), None
    )


def generations(creator: ACreator) -> list[str]:
    return [row["state"] for row in rows_of(creator.id, "creator_generations")]


def students_counted(creator: ACreator) -> int:
    shown = shown_generation(creator.id)
    return sum(row["students"] for row in rows_of(creator.id, "course_totals") if row["generation"] == shown)


def enrolments_shown(creator: ACreator) -> dict[object, int]:
    shown = shown_generation(creator.id)
    return {row["day"]: row["enrolments"] for row in rows_of(creator.id, "days") if row["generation"] == shown}
