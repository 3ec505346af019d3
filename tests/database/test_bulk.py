"""Many rows at once: what arrives, what is refused, and when no individual keys are noted."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import psycopg2.errors
import pyarrow as pa
import pytest
from sqlalchemy import Connection, text

from database.bulk import insert_columns, rebuilt_afterwards
from database.creators import add_creator
from database.engine import engine
from database.refresh import rebuild, refresh
from database.tenancy import tenant_tx
from tests.builders import a_creator, a_student, a_video
from tests.database.snapshots import assert_same_rows, snapshot
from tests.oracle import rows_of
from tests.rows import NOW

pytestmark = pytest.mark.usefixtures("database")

ADA, BO, INTRO = (UUID(int=number) for number in (11, 12, 21))
PORTION = text("select refresh_portion(:creator_id)")


@pytest.fixture
def creator_id() -> UUID:
    return a_creator(a_student("Ada Moss", id=ADA), a_student("Bo Lane", id=BO), a_video("Intro", id=INTRO)).id


def test_every_value_arrives_as_it_is(creator_id):
    names = ['comma, and "quotes"', "back\\slash \\.", "two\nlines\r\n", "\\.", "tab\t", "Żółć ß 😀", "NULL", "\\N"]
    emails = ["", None, *("x@example.org" for _ in names[2:])]
    seen = [NOW, None, *(NOW for _ in names[2:])]

    with tenant_tx(creator_id) as connection:
        inserted = insert_columns(
            connection,
            creator_id,
            "students",
            {
                "id": pa.array([str(uuid4()) for _ in names]),
                "name": pa.array(names),
                "email": pa.array(emails),
                "xp_points": pa.array(range(len(names))),
                "last_active": pa.array(seen, type=pa.timestamp("us", "UTC")),
            },
        )

    rows = sorted((row for row in rows_of(creator_id, "students") if row["id"] not in (ADA, BO)), key=by_points)
    assert inserted == len(names)
    assert [row["name"] for row in rows] == names
    assert [row["email"] for row in rows] == emails
    assert [row["last_active"] for row in rows] == seen


def test_numbers_and_truths_arrive_as_they_are(creator_id):
    with tenant_tx(creator_id) as connection:
        insert_columns(
            connection,
            creator_id,
            "video_progress",
            {
                "student_id": pa.array([str(ADA), str(BO)]),
                "video_id": pa.array([str(INTRO)] * 2),
                "first_watched": pa.array([NOW, NOW]),
                "last_watched": pa.array([NOW, NOW]),
                "watch_percentage": pa.array([66.67, None]),
                "completed": pa.array([True, False]),
            },
        )

    ada, bo = sorted(rows_of(creator_id, "video_progress"), key=lambda row: str(row["student_id"]))
    assert (ada["watch_percentage"], ada["completed"]) == (66.67, True)
    assert (bo["watch_percentage"], bo["completed"]) == (None, False)


def test_no_rows_are_no_error(creator_id):
    with tenant_tx(creator_id) as connection:
        assert insert_columns(connection, creator_id, "students", students()) == 0


def test_a_row_that_is_there_is_refused_with_all_others(creator_id):
    with pytest.raises(psycopg2.errors.UniqueViolation), tenant_tx(creator_id) as connection:
        insert_columns(connection, creator_id, "students", students(uuid4(), ADA))

    assert {row["id"] for row in rows_of(creator_id, "students")} == {ADA, BO}


def test_a_student_that_nobody_knows_is_refused(creator_id):
    with pytest.raises(psycopg2.errors.ForeignKeyViolation), tenant_tx(creator_id) as connection:
        insert_columns(connection, creator_id, "watch_segments", playback(uuid4()))


def test_an_outsider_cannot_write_for_somebody_else(creator_id):
    outsider = add_creator("Outsider", "basic", "UTC")

    with pytest.raises(psycopg2.errors.InsufficientPrivilege), tenant_tx(outsider) as connection:
        insert_columns(connection, creator_id, "students", students(uuid4()))


def test_what_follows_the_insert_is_scoped_as_before(creator_id):
    outsider = add_creator("Outsider", "basic", "UTC")

    with tenant_tx(outsider) as connection:
        insert_columns(connection, outsider, "students", students(uuid4()))

        assert connection.execute(text("select count(*) from students")).scalar_one() == 1


def test_a_rebuild_stands_for_every_key_that_the_transaction_inserts(creator_id):
    with tenant_tx(creator_id) as connection:
        rebuilt_afterwards(connection, creator_id)
        insert_columns(connection, creator_id, "watch_segments", playback(ADA))

    assert noted(creator_id) == ["moved"]
    refresh(creator_id)
    refreshed = snapshot(creator_id)
    rebuild(creator_id)
    for relation, rows in snapshot(creator_id).items():
        assert_same_rows(relation, refreshed[relation], rows)
    assert refreshed["watched_videos"]


def test_what_the_transaction_deletes_is_noted_beside_the_rebuild(creator_id):
    watched(creator_id, ADA)
    refresh(creator_id)

    with tenant_tx(creator_id) as connection:
        rebuilt_afterwards(connection, creator_id)
        connection.execute(text("delete from watch_segments where creator_id = :id"), {"id": creator_id})

    assert noted(creator_id) == ["moved", "watched"]


def test_the_next_transaction_notes_its_keys(creator_id):
    with tenant_tx(creator_id) as connection:
        rebuilt_afterwards(connection, creator_id)

    watched(creator_id, ADA)

    assert noted(creator_id) == ["moved", "watched"]


def test_after_a_portion_that_took_the_note_keys_are_noted(creator_id):
    with tenant_tx(creator_id) as connection:
        rebuilt_afterwards(connection, creator_id)
        connection.execute(PORTION, {"creator_id": creator_id})
        insert_columns(connection, creator_id, "watch_segments", playback(ADA))

    assert noted(creator_id) == ["watched"]


def test_a_note_that_is_rolled_back_stands_for_nothing(creator_id):
    with tenant_tx(creator_id) as connection:
        connection.exec_driver_sql("savepoint loading")
        rebuilt_afterwards(connection, creator_id)
        connection.exec_driver_sql("rollback to savepoint loading")
        insert_columns(connection, creator_id, "watch_segments", playback(ADA))

    assert noted(creator_id) == ["watched"]


def test_the_setting_alone_stands_for_nothing(creator_id):
    with tenant_tx(creator_id) as connection:
        set_alone(connection, creator_id)
        insert_columns(connection, creator_id, "watch_segments", playback(ADA))

    assert noted(creator_id) == ["watched"]


def test_another_transactions_rebuild_stands_for_nothing(creator_id):
    with tenant_tx(creator_id) as connection:
        rebuilt_afterwards(connection, creator_id)

    with tenant_tx(creator_id) as connection:
        set_alone(connection, creator_id)
        insert_columns(connection, creator_id, "watch_segments", playback(ADA))

    assert noted(creator_id) == ["moved", "watched"]


def test_who_writes_for_several_creators_notes_every_key(creator_id):
    other = a_creator(a_student("Cy Reed", id=ADA), a_video("Intro", id=INTRO)).id

    with engine().begin() as connection:  # row level security does not bind the login role of the tests
        connection.exec_driver_sql(f"set local app.creator_id = '{creator_id}'")
        connection.execute(text("select note_rebuild(:id)"), {"id": creator_id})
        connection.execute(
            text(
                "insert into watch_segments (creator_id, student_id, video_id, start_second, end_second, watched_at)"
                " values (:other, :student, :video, 0, 30, :at)"
            ),
            {"other": other, "student": ADA, "video": INTRO, "at": NOW},
        )

    assert noted(other) == ["watched"]


def set_alone(connection: Connection, creator_id: UUID) -> None:
    connection.exec_driver_sql(f"set local app.rebuilt_creator = '{creator_id}'")


def students(*ids: UUID) -> dict[str, pa.Array]:
    return {
        "id": pa.array([str(student_id) for student_id in ids], type=pa.string()),
        "name": pa.array([f"Student {student_id}" for student_id in ids], type=pa.string()),
    }


def playback(student_id: UUID) -> dict[str, pa.Array]:
    return {
        "student_id": pa.array([str(student_id)]),
        "video_id": pa.array([str(INTRO)]),
        "start_second": pa.array([0]),
        "end_second": pa.array([30]),
        "watched_at": pa.array([datetime(2026, 2, 1, 9, tzinfo=UTC)]),
    }


def watched(creator_id: UUID, student_id: UUID) -> None:
    with tenant_tx(creator_id) as connection:
        insert_columns(connection, creator_id, "watch_segments", playback(student_id))


def noted(creator_id: UUID) -> list[str]:
    """The kinds of the changes that are still to be folded."""
    with engine().connect() as connection:
        kinds = text("select kind from changes where creator_id = :id order by kind")
        return list(connection.execute(kinds, {"id": creator_id}).scalars())


def by_points(row: dict[str, object]) -> object:
    return row["xp_points"]
