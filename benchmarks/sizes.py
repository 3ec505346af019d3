"""Databases to measure: the demo, the promised size, ten times that."""

import os
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import text

from benchmarks.changes import COUNTS
from database.demo import DemoSize, load_demo
from database.engine import engine
from database.migrate import migrate
from database.refresh import rebuild
from database.tenancy import tenant_tx
from database.throwaway import throwaway_data_folder

COPIED_STUDENTS = 1_000


@dataclass(frozen=True)
class Size:
    """A demo of this size, and other creators of 1,000 students beside it."""

    demo: DemoSize
    other_creators: int = 0


SIZES = {
    "demo": Size(DemoSize()),
    "spec": Size(DemoSize(students=10_000, videos=1_000), other_creators=19),
    "ten": Size(DemoSize(students=100_000, videos=1_000)),
}

COLUMNS = text(
    """
    select string_agg(quote_ident(column_name), ', ' order by ordinal_position)
    from information_schema.columns
    where
        table_schema = 'public'
        and table_name = :name
        and column_name <> 'creator_id'
        and is_generated = 'NEVER'
        and is_identity = 'NO'
    """
)
ADD_CREATOR = text(
    "insert into creators (id, name, subscription_tier, timezone)"
    " select :id, :name, 'enterprise', timezone from creators where id = :of"
)
# Rows keep their ids: keys start with the creator.
WHOLE_TABLES = ("videos", "retention_points", "quizzes", "quiz_questions")
COURSE_TABLES = ("courses", "course_runs")  # before the students, who are enrolled where there is one run
TABLES_OF_STUDENTS = (
    "video_progress",
    "watch_segments",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "quiz_attempts",
)
CHOSEN = "(select id from students where creator_id = :of and deleted_at is null order by id limit :students)"


@dataclass(frozen=True)
class Loaded:
    """What was loaded into a separate embedded database, which is removed when the process ends."""

    creator_id: UUID  # the largest
    students: int
    videos: int
    rows: int
    seconds: float  # of the demo's load with all figures
    seconds_of_others: float


def load(size: Size) -> Loaded:
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    report = load_demo(size.demo)
    largest = max(report.creators, key=lambda creator: creator.students)
    began = time.monotonic()
    for number in range(size.other_creators):
        rebuild(copied(largest.id, f"Creator {number + 1}"))
    with tenant_tx(largest.id) as connection:
        counts = connection.execute(COUNTS, {"creator_id": largest.id}).one()
    return Loaded(
        largest.id,
        counts.students,
        counts.videos,
        sum(report.rows.values()),
        report.seconds,
        time.monotonic() - began,
    )


def copied(of: UUID, name: str, students: int = COPIED_STUDENTS) -> UUID:
    """Add another creator with this one's course and the first of its students by id."""
    creator_id = uuid4()
    known = {"id": creator_id, "of": of, "students": students, "name": name}
    with engine().begin() as connection:  # by the login role of the embedded server, which sees both creators

        def copy(table: str, condition: str = "", known_rows: str = "") -> None:
            columns = connection.execute(COLUMNS, {"name": table}).scalar_one()
            connection.execute(
                text(
                    f"insert into {table} (creator_id, {columns})"
                    f" select :id, {columns} from {table} where creator_id = :of {condition} {known_rows}"
                ),
                known,
            )

        connection.execute(ADD_CREATOR, known)
        for table in COURSE_TABLES:
            copy(table)
        copy("students", f"and id in {CHOSEN}")
        copy("enrolments", f"and student_id in {CHOSEN}", "on conflict do nothing")  # of the only run: made already
        for table in WHOLE_TABLES:
            copy(table)
        for table in TABLES_OF_STUDENTS:
            copy(table, f"and student_id in {CHOSEN}")
        copy(
            "quiz_answers",
            f"and attempt_id in (select id from quiz_attempts where creator_id = :of and student_id in {CHOSEN})",
        )
    return creator_id
