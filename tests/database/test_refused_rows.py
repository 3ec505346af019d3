"""Rows with impossible instants, written before these were refused: set aside completely, with what depends on them."""

from datetime import UTC, datetime
from unittest.mock import ANY
from uuid import UUID, uuid4

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import IntegrityError

from database.bulk import upsert_rows
from database.creators import add_creator, creators
from database.engine import engine
from database.migrate import migrate
from database.refresh import rebuild, refresh_stale
from database.settings import settings
from database.tenancy import platform_tx, tenant_tx
from queries.staff import creator_states
from rules.errors import InputError, SetupError
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.conftest import execute_on
from tests.database.snapshots import snapshot
from tests.database.test_odd_rows import released  # noqa: F401
from tests.oracle import rows_of

MIRA, NILS = UUID(int=1), UUID(int=2)
ADA, BO, CAT = (UUID(int=number) for number in (11, 12, 13))
INTRO, ENDLESS = UUID(int=21), UUID(int=22)
QUIZ, ENDLESS_QUIZ, QUESTION = UUID(int=31), UUID(int=32), UUID(int=33)
OTHER_QUESTION = UUID(int=34)
CHAT, ATTEMPT = UUID(int=41), UUID(int=51)
GOOD = "2026-02-01 09:00:00+00"
ODD = ("infinity", "-infinity", "20000-01-01 00:00:00+00", "1970-01-01 00:00:00+00", "1989-12-31 23:59:59.999999+00")
EDGES = ("1990-01-01 00:00:00+00", "2099-12-31 23:59:59.999999+00")

INSTANTS = {
    "students": ("last_active", "created_at", "deleted_at"),
    "videos": ("created_at", "updated_at", "deleted_at"),
    "quizzes": ("created_at", "deleted_at"),
    "chat_sessions": ("started_at",),
    "quiz_attempts": ("completed_at",),
    "video_progress": ("first_watched", "last_watched"),
    "watch_segments": ("watched_at",),
    "activity_events": ("occurred_at",),
    "chat_messages": ("created_at",),
}
# What is written about the sources since they have editions.
LATER_INSTANTS = {
    "video_editions": ("began_at",),
    "quiz_questions": ("edition_began_at",),
    "question_editions": ("began_at",),
    "markings": ("marked_at", "undone_at"),
    "answer_verdicts": ("given_at",),
    "attempt_verdicts": ("given_at",),
}
EVERY_INSTANT = INSTANTS | LATER_INSTANTS
BEFORE_EDITIONS_HAD_BOUNDS = "0020"

CONSTRAINTS = text(
    """
    select
        conrelid::regclass::text as relation,
        conname as name
    from pg_constraint
    where conname like '%\\_is\\_between\\_1990\\_and\\_2100'
    """
)
SOURCE_INSTANTS = text(
    """
    select
        columns.table_name,
        columns.column_name
    from information_schema.columns as columns
    where
        columns.table_schema = 'public'
        and columns.data_type = 'timestamp with time zone'
        and columns.table_name = any(:tables)
    """
)
SET_ASIDE = text("select table_name, reason, row from refused_rows where creator_id = :creator_id order by 1, 2")


def test_rows_go_whole_with_what_hangs_on_them_and_all_others_stay(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *odd_rows(MIRA), *a_course(NILS))
    before = {table: rows_of(NILS, table) for table in INSTANTS}

    migrate()

    for table, rows in before.items():  # what the revisions themselves add, drop and recalculate is tested with them
        kept = rows_of(NILS, table)
        assert len(kept) == len(rows)
        columns = {name for row in rows for name in row} & {name for row in kept for name in row} - {"question_key"}
        assert [{name: row[name] for name in columns} for row in kept] == [
            {name: row[name] for name in columns} for row in rows
        ], table
    found = set_aside(MIRA)
    assert sorted({(table, reason) for table, reason, _ in found}) == [
        ("activity_events", "its row of students was refused"),
        ("activity_events", "occurred_at is 20000-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
        ("chat_messages", "its row of students was refused"),
        ("chat_sessions", "its row of students was refused"),
        ("quiz_answers", "its row of quiz_attempts was refused"),
        ("quiz_attempts", "its row of students was refused"),
        ("quiz_questions", "its row of quizzes was refused"),
        ("quizzes", "its row of videos was refused"),
        ("retention_points", "its row of videos was refused"),
        ("students", "created_at is infinity, which does not lie between 1990 and 2100"),
        ("video_progress", "first_watched is 1970-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
        ("video_progress", "its row of students was refused"),
        ("video_progress", "its row of videos was refused"),
        ("videos", "created_at is 20000-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
        ("watch_segments", "its row of students was refused"),
        ("watch_segments", "watched_at is -infinity, which does not lie between 1990 and 2100"),
    ]
    (student,) = [row for table, _, row in found if table == "students"]
    assert (student["id"], student["name"], student["created_at"]) == (str(BO), "Bo", "infinity")
    assert {row["id"] for row in rows_of(MIRA, "students")} == {ADA, CAT}
    assert {row["id"] for row in rows_of(MIRA, "videos")} == {INTRO}
    assert {row["student_id"] for row in rows_of(MIRA, "video_progress")} == {ADA}
    assert set_aside(NILS) == []


def test_editions_and_verdicts_go_whole_too(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *a_course(NILS))
    migrate(BEFORE_EDITIONS_HAD_BOUNDS)
    execute_on(released, *odd_editions(MIRA))

    migrate()

    assert sorted((table, reason) for table, reason, _ in set_aside(MIRA)) == [
        ("answer_verdicts", "its row of quiz_questions was refused"),
        ("attempt_verdicts", "given_at is 1970-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
        ("markings", "its row of quiz_questions was refused"),
        ("markings", "undone_at is 20000-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
        ("question_editions", "began_at is -infinity, which does not lie between 1990 and 2100"),
        ("question_editions", "its row of quiz_questions was refused"),
        ("quiz_answers", "its row of quiz_questions was refused"),
        ("quiz_questions", "edition_began_at is infinity, which does not lie between 1990 and 2100"),
        ("video_editions", "began_at is 20000-01-01 00:00:00+00, which does not lie between 1990 and 2100"),
    ]
    assert [row["edition"] for row in rows_of(MIRA, "video_editions")] == [2]
    assert {row["id"] for row in rows_of(MIRA, "quiz_questions")} == {OTHER_QUESTION}
    assert [row["edition"] for row in rows_of(MIRA, "question_editions")] == [2]
    assert set_aside(NILS) == []
    assert len(rows_of(NILS, "quiz_questions")) == 1


def test_who_was_there_before_figures_changed_is_known(released: URL) -> None:  # noqa: F811
    execute_on(released, f"insert into creators (id, name) values ('{MIRA}', 'Mira')")

    migrate()
    add_creator("Nils", "enterprise", "UTC", NILS)

    changed = {creator.id: creator.definitions_changed_at for creator in creators()}
    assert changed == {MIRA: ANY, NILS: None}
    assert changed[MIRA] is not None


def test_figures_are_those_of_the_rows_that_stay(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *odd_rows(MIRA))

    migrate()
    refresh_stale()

    refreshed = snapshot(MIRA)
    rebuild(MIRA)
    assert [row["student_id"] for row in refreshed["enrolled_students"]] == sorted([ADA, CAT])
    assert snapshot(MIRA) == refreshed
    assert refreshed["course_totals"][0]["students"] == 2


def test_staff_see_how_many_and_why_but_no_row(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *odd_rows(MIRA), *a_course(NILS))

    migrate()

    told = {state.id: state.refused_rows for state in creator_states(a_linked_account().id)}
    assert told == {MIRA: len(set_aside(MIRA)), NILS: 0}
    with pytest.raises(Exception, match="permission denied"), platform_tx() as connection:
        connection.execute(text("select row from refused_rows"))


def test_rows_set_aside_are_read_by_their_creator_alone(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *odd_rows(MIRA), *a_course(NILS))

    migrate()

    for creator_id, rows in ((MIRA, len(set_aside(MIRA))), (NILS, 0)):
        with tenant_tx(creator_id) as connection:
            assert len(connection.execute(text("select row from refused_rows")).all()) == rows


def test_a_creator_who_is_deleted_takes_them_along(released: URL) -> None:  # noqa: F811
    execute_on(released, *a_course(MIRA), *odd_rows(MIRA))
    migrate()

    with platform_tx() as connection:
        connection.execute(text("delete from creators where id = :id"), {"id": MIRA})

    assert set_aside(MIRA) == []


def test_every_instant_of_every_source_has_its_constraint(shared_database: URL) -> None:
    with engine().connect() as connection:
        columns = connection.execute(SOURCE_INSTANTS, {"tables": list(EVERY_INSTANT)}).all()
        constraints = {(row.relation, row.name) for row in connection.execute(CONSTRAINTS)}

    assert {(table, f"{column}_is_between_1990_and_2100") for table, column in columns} == constraints
    assert sorted(columns) == sorted((table, column) for table, names in EVERY_INSTANT.items() for column in names)


@pytest.mark.parametrize("instant", ODD)
def test_an_odd_instant_is_refused_by_a_constraint_that_says_why(shared_database: URL, instant: str) -> None:
    creator = a_creator()

    with pytest.raises(IntegrityError) as refused, tenant_tx(creator.id) as connection:
        connection.execute(a_student_created(instant), {"id": creator.id})

    assert refused.value.orig.diag.constraint_name == "created_at_is_between_1990_and_2100"  # type: ignore[attr-defined]


@pytest.mark.parametrize("instant", EDGES)
def test_the_edges_are_taken(shared_database: URL, instant: str) -> None:
    creator = a_creator()

    with tenant_tx(creator.id) as connection:
        connection.execute(a_student_created(instant), {"id": creator.id})


@pytest.mark.parametrize("year", [1970, 2100])
def test_whoever_loads_rows_is_told_the_value(shared_database: URL, year: int) -> None:
    creator = a_creator()
    rows = [(creator.id, uuid4(), "Ada", datetime(year, 1, 1, tzinfo=UTC))]

    with (
        pytest.raises(InputError, match=rf"students\.created_at is {year}-01-01T00:00:00\+00:00; it takes an instant"),
        tenant_tx(creator.id) as connection,
    ):
        upsert_rows(connection, "students", ["creator_id", "id", "name", "created_at"], rows)


def test_the_clock_stands_within_the_years_that_are_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_NOW", "1970-01-01T00:00:00Z")

    with pytest.raises(SetupError, match="between 1990 and 2100"):
        settings()


def a_student_created(instant: str) -> object:
    return text(f"insert into students (creator_id, name, created_at) values (:id, 'Ada', '{instant}')")


def a_course(creator: UUID) -> list[str]:
    """Two students, a video, a quiz, and something of everything by the first of them."""
    return [
        f"insert into creators (id, name) values ('{creator}', 'Mira {creator.int}')",
        *(
            f"insert into students (creator_id, id, name, created_at) values ('{creator}', '{one}', '{name}', '{GOOD}')"
            for one, name in ((ADA, "Ada"), (CAT, "Cat"))
        ),
        f"insert into videos (creator_id, id, title, status) values ('{creator}', '{INTRO}', 'Intro', 'completed')",
        f"insert into quizzes (creator_id, id, title, video_id) values ('{creator}', '{QUIZ}', 'Knots', '{INTRO}')",
        f"insert into quiz_questions (creator_id, id, quiz_id, position, prompt)"
        f" values ('{creator}', '{QUESTION}', '{QUIZ}', 1, 'Which?')",
        progress(creator, ADA, INTRO, GOOD),
        segment(creator, ADA, INTRO, GOOD),
        event(creator, ADA, GOOD),
        *chat(creator, ADA, CHAT),
        *attempt(creator, ADA, ATTEMPT),
    ]


def odd_rows(creator: UUID) -> list[str]:
    """An impossible student and video, each with rows of their own, and single rows of a possible student."""
    return [
        f"insert into students (creator_id, id, name, created_at) values ('{creator}', '{BO}', 'Bo', 'infinity')",
        progress(creator, BO, INTRO, GOOD),
        segment(creator, BO, INTRO, GOOD),
        event(creator, BO, GOOD),
        *chat(creator, BO, uuid4()),
        *attempt(creator, BO, uuid4()),
        f"insert into videos (creator_id, id, title, status, created_at)"
        f" values ('{creator}', '{ENDLESS}', 'Endless', 'completed', '20000-01-01')",
        f"insert into retention_points values ('{creator}', '{ENDLESS}', 50, 80)",
        progress(creator, ADA, ENDLESS, GOOD),
        f"insert into quizzes (creator_id, id, title, video_id)"
        f" values ('{creator}', '{ENDLESS_QUIZ}', 'Without end', '{ENDLESS}')",
        f"insert into quiz_questions (creator_id, quiz_id, position, prompt)"
        f" values ('{creator}', '{ENDLESS_QUIZ}', 1, 'Why?')",
        progress(creator, CAT, INTRO, "1970-01-01 00:00:00+00"),
        segment(creator, ADA, INTRO, "-infinity"),
        event(creator, ADA, "20000-01-01 00:00:00+00"),
    ]


def odd_editions(creator: UUID) -> list[str]:
    """A question whose current edition never begins, and single rows about another one, a video and an attempt."""
    known = f"insert into {{}} values ('{creator}', "
    return [
        known.format("video_editions") + f"'{INTRO}', 2, '{GOOD}', 60)",
        known.format("video_editions") + f"'{INTRO}', 3, '20000-01-01', 60)",
        "insert into quiz_questions (creator_id, id, quiz_id, position, prompt, edition, edition_began_at)"
        f" values ('{creator}', '{OTHER_QUESTION}', '{QUIZ}', 2, 'Why?', 3, '{GOOD}')",
        f"update quiz_questions set edition = 2, edition_began_at = 'infinity' where id = '{QUESTION}'"
        f" and creator_id = '{creator}'",
        known.format("question_editions") + f"'{QUESTION}', 1, null, 'text', '?', '[]')",
        known.format("question_editions") + f"'{OTHER_QUESTION}', 1, '-infinity', 'text', '?', '[]')",
        known.format("question_editions") + f"'{OTHER_QUESTION}', 2, '{GOOD}', 'text', '?', '[]')",
        *(
            "insert into markings (creator_id, question_id, edition, number, marked_by, undone_at)"
            f" values ('{creator}', '{question}', 1, 1, '{ADA}', {undone})"
            for question, undone in ((QUESTION, "null"), (OTHER_QUESTION, "'20000-01-01'"))
        ),
        known.format("answer_verdicts") + f"'{ATTEMPT}', '{QUESTION}', 0, true)",
        known.format("attempt_verdicts") + f"'{ATTEMPT}', 0, 100, true, null, null, '1970-01-01 00:00:00+00')",
    ]


def progress(creator: UUID, student: UUID, video: UUID, instant: str) -> str:
    return (
        "insert into video_progress (creator_id, student_id, video_id, first_watched, last_watched)"
        f" values ('{creator}', '{student}', '{video}', '{instant}', '{GOOD}')"
    )


def segment(creator: UUID, student: UUID, video: UUID, instant: str) -> str:
    return (
        "insert into watch_segments (creator_id, student_id, video_id, start_second, end_second, watched_at)"
        f" values ('{creator}', '{student}', '{video}', 0, 30, '{instant}')"
    )


def event(creator: UUID, student: UUID, instant: str) -> str:
    return (
        "insert into activity_events (creator_id, student_id, kind, occurred_at)"
        f" values ('{creator}', '{student}', 'login', '{instant}')"
    )


def chat(creator: UUID, student: UUID, session: UUID) -> list[str]:
    return [
        f"insert into chat_sessions values ('{creator}', '{session}', '{student}', '{GOOD}')",
        "insert into chat_messages (creator_id, session_id, student_id, role, content, created_at)"
        f" values ('{creator}', '{session}', '{student}', 'user', 'How?', '{GOOD}')",
    ]


def attempt(creator: UUID, student: UUID, made: UUID) -> list[str]:
    return [
        "insert into quiz_attempts"
        " (creator_id, id, quiz_id, student_id, attempt_number, score_percent, passed, completed_at)"
        f" values ('{creator}', '{made}', '{QUIZ}', '{student}', 1, 100, true, '{GOOD}')",
        f"insert into quiz_answers values ('{creator}', '{made}', '{QUESTION}', 'A', true)",
    ]


def set_aside(creator_id: UUID) -> list[tuple[str, str, dict[str, object]]]:
    """Table, reason and row, as the owner of the database sees them."""
    with engine().begin() as connection:
        connection.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator_id)})
        return [tuple(row) for row in connection.execute(SET_ASIDE, {"creator_id": creator_id})]
