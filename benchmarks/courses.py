"""A creator with the maximum of courses: comparing them side by side, and the cost of keeping their figures up to date.

Run alone as `python -m benchmarks.courses [build] [COURSES RUNS_OF_EACH STUDENTS]`, in an embedded database of its own:
time and statements of the figures of all courses; with `build`, how long the figures take to build, and the refresh
after a beat of one student's player, beside those of a creator with few courses.
"""

import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID, uuid4

import psutil
from rich.console import Console
from rich.markdown import Markdown
from sqlalchemy import event, text

from benchmarks.measuring import Timing, timed
from database.engine import engine
from database.migrate import migrate
from database.refresh import rebuild, refresh
from database.tenancy import tenant_tx
from database.throwaway import throwaway_data_folder
from queries.cache.caching import forget_everything
from queries.cache.editions import one_look
from queries.courses.figures import course_figures
from queries.periods.period import MONTH, Period

COURSES, RUNS_OF_EACH, STUDENTS = 200, 5, 2_000
FEW_COURSES = 2
BEATS = 20
VIDEOS_OF_EACH = 5
RUNS_OF_STUDENT = 2

PLANT = (
    "insert into creators (id, name, subscription_tier) values (:id, 'Many courses', 'enterprise')",
    """
    insert into courses (creator_id, number, title, position)
    select :id, number, 'Course ' || number, number from generate_series(1, :courses) as numbers (number)
    """,
    """
    insert into course_runs (creator_id, course_id, number, title, starts_at)
    select
        :id, courses.id, (courses.number - 1) * :runs + place, 'Run ' || place,
        dashboard_now() - interval '180 days' + place * interval '30 days'
    from courses
    cross join generate_series(1, :runs) as places (place)
    where courses.creator_id = :id
    """,
    """
    insert into videos (creator_id, course_id, title, status, position)
    select :id, courses.id, 'Part ' || place, 'completed', place
    from courses
    cross join generate_series(1, :videos) as places (place)
    where courses.creator_id = :id
    """,
    """
    insert into students (creator_id, name, created_at)
    select :id, 'Student ' || number, dashboard_now() - (number % 180) * interval '1 day'
    from generate_series(1, :students) as numbers (number)
    """,
    "delete from enrolments where creator_id = :id",
    """
    insert into enrolments (creator_id, run_id, student_id, enrolled_at)
    select :id, course_runs.id, numbered.id, numbered.created_at
    from (select id, created_at, row_number() over (order by id) as place from students where creator_id = :id) numbered
    cross join generate_series(1, :runs_of_student) as turns (turn)
    join course_runs
        on course_runs.creator_id = :id
        and course_runs.number = 1 + (numbered.place * 7 + turns.turn * 613) % (:courses * :runs)
    """,
    """
    insert into video_progress (
        creator_id, student_id, video_id, first_watched, last_watched, watch_percentage, completed
    )
    select distinct on (enrolments.student_id, videos.id)
        :id, enrolments.student_id, videos.id, watched.at, watched.at, 100, true
    from enrolments
    join course_runs on course_runs.creator_id = enrolments.creator_id and course_runs.id = enrolments.run_id
    join videos on videos.creator_id = course_runs.creator_id and videos.course_id = course_runs.course_id
    cross join lateral (
        select
            least(enrolments.enrolled_at + videos.position * interval '5 days', dashboard_now()) as at
    ) as watched
    where
        enrolments.creator_id = :id
        and videos.position <= 1 + course_runs.number % :videos
    """,
)


BEAT = text(
    """
    insert into watch_segments (creator_id, student_id, video_id, start_second, end_second, watched_at)
    select creator_id, student_id, video_id, 3, 17, dashboard_now()
    from video_progress
    where creator_id = :id
    order by student_id, video_id
    limit 1
    """
)


@dataclass(frozen=True)
class Measured:
    cold: Timing
    known: Timing
    statements: int


@dataclass(frozen=True)
class Kept:
    """The cost of keeping a creator's figures up to date."""

    levels: int
    build_seconds: float
    build_processor_seconds: float  # of the database, which may have to share its cores
    beat: Timing  # its refresh
    beat_processor_ms: float


def planted(courses: int, runs: int, students: int) -> UUID:
    """A creator with this many courses, runs in each, and students who are in two runs each; without figures."""
    creator_id = uuid4()
    known = {
        "id": creator_id,
        "courses": courses,
        "runs": runs,
        "students": students,
        "videos": VIDEOS_OF_EACH,
        "runs_of_student": RUNS_OF_STUDENT,
    }
    with engine().begin() as owner:
        owner.execute(text("select set_config('app.creator_id', :id, true)"), {"id": str(creator_id)})
        for statement in PLANT:
            owner.execute(text(statement), known)
    return creator_id


def built(creator_id: UUID) -> UUID:
    """The same creator, with all figures built."""
    rebuild(creator_id)
    with engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("analyze")
    return creator_id


def measured(creator_id: UUID, period: Period = MONTH, times: int = 5) -> Measured:
    """All courses and runs, with empty and with full caches."""

    def ask() -> object:
        with one_look():  # as a page or a request asks
            return course_figures(creator_id, period)

    forget_everything()
    return Measured(timed(ask, times, forget_everything), timed(ask, times), statements_of(ask))


def statements_of(ask: Callable[[], object]) -> int:
    """How many reading statements are sent with empty caches."""
    sent = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.lstrip().startswith(("--", "select", "with")):
            sent.append(statement)

    forget_everything()
    event.listen(engine(), "before_cursor_execute", note)
    try:
        ask()
    finally:
        event.remove(engine(), "before_cursor_execute", note)
    return len(sent)


def measured_keeping(creator_id: UUID) -> Kept:
    """Build the figures by refreshing, as the worker does; then measure repeated heartbeats."""
    began, used = time.monotonic(), processor_seconds()
    built(creator_id)
    seconds, used = time.monotonic() - began, processor_seconds() - used
    with tenant_tx(creator_id) as connection:
        levels = connection.execute(
            text("select cardinality(courses) from creator_generations where state = 'shown'")
        ).scalar_one()
    refresh(creator_id)
    used_before = processor_seconds()
    beat = timed(lambda: refresh(creator_id), BEATS, lambda: play(creator_id))
    return Kept(levels, seconds, used, beat, 1000 * (processor_seconds() - used_before) / (BEATS + 1))


def processor_seconds() -> float:
    """Processor time that the embedded server has used so far, including processes that have ended."""
    with engine().connect() as connection:
        server = psutil.Process(connection.execute(text("select pg_backend_pid()")).scalar_one()).parent()
    assert server
    times = [process.cpu_times() for process in (server, *server.children())]
    ended = times[0]
    own = sum(spent.user + spent.system for spent in times)
    return float(own + ended.children_user + ended.children_system)


def play(creator_id: UUID) -> None:
    """One heartbeat of a student's player."""
    with tenant_tx(creator_id) as connection:
        connection.execute(BEAT, {"id": creator_id})


def main() -> None:
    """Plant and measure."""
    builds = sys.argv[1:2] == ["build"]
    numbers = sys.argv[2:] if builds else sys.argv[1:]
    courses, runs, students = [*map(int, numbers), *(COURSES, RUNS_OF_EACH, STUDENTS)[len(numbers) :]]
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    if builds:
        tell_keeping(FEW_COURSES, runs, students)
        tell_keeping(courses, runs, students)
    else:
        tell_side_by_side(courses, runs, students)


def tell_keeping(courses: int, runs: int, students: int) -> None:
    found = measured_keeping(planted(courses, runs, students))
    Console().print(
        Markdown(
            f"**Figures kept**, {courses} courses with {runs} runs each and {students:,} students, {found.levels:,} "
            f"levels: built in {found.build_seconds:,.0f} s ({found.build_processor_seconds:,.0f} s of processor); "
            f"a beat and its refresh {found.beat_processor_ms:,.0f} ms of processor, "
            f"the refresh {found.beat.p50:,.0f} ms (p95 {found.beat.p95:,.0f} ms)."
        )
    )


def tell_side_by_side(courses: int, runs: int, students: int) -> None:
    found = measured(built(planted(courses, runs, students)))
    Console().print(
        Markdown(
            f"**Courses side by side**, {courses} of them with {runs} runs each and {students:,} students: "
            f"{found.cold.p50:,.0f} ms where nothing is known, {found.known.p50:,.1f} ms known, "
            f"{found.statements:,} statements."
        )
    )


if __name__ == "__main__":
    main()
