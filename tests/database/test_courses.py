"""A creator from before there were courses has one course without a name, in which everybody is enrolled."""

from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import URL

from database.migrate import migrate
from tests.conftest import execute_on
from tests.oracle import rows_of

BEFORE_COURSES = "0025"
MIRA, NILS = UUID(int=1), UUID(int=2)
ADA, BO = UUID(int=11), UUID(int=12)
CAME = datetime(2026, 2, 1, 9, tzinfo=UTC)


def test_what_was_there_belongs_to_one_course_and_everybody_is_enrolled_from_their_first_day(
    empty_database: URL,
) -> None:
    migrate(BEFORE_COURSES)
    execute_on(
        empty_database,
        *(f"insert into creators (id, name, timezone) values ('{one}', 'Creator', 'UTC')" for one in (MIRA, NILS)),
        f"insert into students (creator_id, id, name, created_at) values ('{MIRA}', '{ADA}', 'Ada', '{CAME}')",
        "insert into students (creator_id, id, name, created_at, deleted_at)"
        f" values ('{MIRA}', '{BO}', 'Bo', '{CAME}', '{CAME}')",
        f"insert into videos (creator_id, id, title) values ('{MIRA}', '{UUID(int=21)}', 'Loops')",
        f"insert into quizzes (creator_id, id, title) values ('{MIRA}', '{UUID(int=31)}', 'Loops quiz')",
    )
    marks = rows_of(MIRA, "changes")

    migrate()

    for creator in (MIRA, NILS):
        [course], [run] = rows_of(creator, "courses"), rows_of(creator, "course_runs")
        assert (course["number"], course["title"], run["course_id"], run["number"]) == (1, "", course["id"], 1)
    [course], [run] = rows_of(MIRA, "courses"), rows_of(MIRA, "course_runs")
    assert sorted(
        (row["student_id"], row["run_id"], row["enrolled_at"], row["ended_at"]) for row in rows_of(MIRA, "enrolments")
    ) == [(student, run["id"], CAME, None) for student in (ADA, BO)]
    for table in ("videos", "quizzes"):
        assert [row["course_id"] for row in rows_of(MIRA, table)] == [course["id"]]
    # Assigning items to courses changes no figure: nothing is folded again for it.
    assert rows_of(MIRA, "changes") == marks
