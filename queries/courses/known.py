"""A creator's courses and runs, and the levels of their figures."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from uuid import UUID

from database.frames import frame, records
from database.levels import EVERYTHING, Level, level
from queries.cache.caching import cached_query
from rules.errors import FiguresBeingBuilt

COURSES = """
    -- One row per course and run of it.
    select
        courses.id as course_id,
        courses.number as course,
        courses.title as course_title,
        courses.closed_at,
        course_runs.id as run_id,
        course_runs.number as run,
        course_runs.title as run_title,
        course_runs.starts_at,
        course_runs.ends_at
    from courses
    left join course_runs
        on
            course_runs.creator_id = courses.creator_id
            and course_runs.course_id = courses.id
    where courses.creator_id = :creator_id
    order by
        courses.position,
        courses.number,
        course_runs.starts_at nulls first,
        course_runs.number
"""
SHOWN_LEVELS = """
    -- One row per course and run whose figures are shown; 0 means every one. No row before the first refresh.
    select
        levels.course,
        levels.run
    from creator_generations
    cross join lateral unnest(creator_generations.courses, creator_generations.runs) as levels (course, run)
    where
        creator_generations.creator_id = :creator_id
        and creator_generations.state = 'shown'
"""
BUILDING = """
    -- One row if figures are being built.
    select
        students_built,
        students_to_build
    from creator_generations
    where
        creator_id = :creator_id
        and state = 'building'
"""


class UnknownCourse(LookupError):
    """The creator does not have this course, or the course does not have this run."""


@dataclass(frozen=True)
class Run:
    run_id: UUID
    number: int
    title: str
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class Course:
    """A course with its runs, by their start."""

    course_id: UUID
    number: int
    title: str
    closed_at: datetime | None
    runs: tuple[Run, ...]


@dataclass(frozen=True)
class Courses:
    """All courses in order, and the (course, run) pairs that have figures."""

    courses: list[Course]
    levels: list[tuple[int, int]]
    students_built: int
    students_to_build: int


@dataclass(frozen=True, slots=True)
class CourseRunRow:
    """One row per course and run of it; for a course without a run, one in which only the course is known."""

    course_id: UUID
    course: int
    course_title: str
    closed_at: datetime | None
    run_id: UUID | None
    run: int | None
    run_title: str | None
    starts_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class LevelRow:
    """One row per course and run whose figures are shown; 0 means every one."""

    course: int
    run: int


@dataclass(frozen=True, slots=True)
class BuildingRow:
    """One row if figures are being built."""

    students_built: int
    students_to_build: int


@cached_query
def courses(creator_id: UUID) -> Courses:
    """The creator's courses; none before the first student or video. From courses and course_runs."""
    by_course = groupby(records(frame(creator_id, COURSES), CourseRunRow), key=lambda row: row.course_id)
    found = [_course(list(of_course)) for _, of_course in by_course]
    levels = [(row.course, row.run) for row in records(frame(creator_id, SHOWN_LEVELS), LevelRow)]
    building = next(iter(records(frame(creator_id, BUILDING), BuildingRow)), BuildingRow(0, 0))
    return Courses(found, levels, building.students_built, building.students_to_build)


def level_of(creator_id: UUID, course_id: UUID | None, run_id: UUID | None = None) -> Level:
    """The level of a course or of a run (even without its course); of all courses by default.

    The only run of a course has the course's level, and the only course of a creator has that of all courses.
    Raises UnknownCourse, and FiguresBeingBuilt for a course or run that has no figures yet.
    """
    if course_id is None and run_id is None:
        return EVERYTHING
    known = courses(creator_id)
    for course in known.courses:
        run = next((one for one in course.runs if one.run_id == run_id), None)
        if course_id in (None, course.course_id) and (run_id is None or run is not None):
            break
    else:
        raise UnknownCourse(str(run_id or course_id))
    level = level_in(known, course, run)
    if level != EVERYTHING and known.levels and (level.course, level.run) not in known.levels:
        raise FiguresBeingBuilt(known.students_built, known.students_to_build)
    return level


def level_in(known: Courses, course: Course, run: Run | None = None) -> Level:
    """The level of a course's or run's figures, whether they are shown yet or not."""
    number = run.number if run and len(course.runs) > 1 else 0
    if number == 0 and len(known.courses) == 1:
        return EVERYTHING
    return Level(course.number, number, course.course_id)


def shown_levels(known: Courses, of: Collection[UUID] | None = None) -> list[Level]:
    """The levels of all courses, or of these, and of their runs if there are several; only those that have figures."""
    shown = {(EVERYTHING.course, EVERYTHING.run), *known.levels}
    every = [
        level_in(known, course, run)
        for course in known.courses
        if of is None or course.course_id in of
        for run in (None, *(course.runs if len(course.runs) > 1 else ()))
    ]
    return [level for level in every if not known.levels or (level.course, level.run) in shown]


def several_courses(creator_id: UUID) -> list[tuple[Course, Level]]:
    """The open courses with their levels, if there are several and all have figures; otherwise none."""
    known = courses.fresh(creator_id)
    if len(known.courses) < 2:
        return []
    return [
        (course, Level(course.number, 0, course.course_id))
        for course in known.courses
        if course.closed_at is None and (course.number, 0) in known.levels
    ]


def is_of_a_course() -> bool:
    """Whether figures are read for one course, and not for all."""
    return level() != EVERYTHING


def _course(of_course: list[CourseRunRow]) -> Course:
    """Takes one row per run."""
    row = of_course[0]
    return Course(row.course_id, row.course, row.course_title, row.closed_at, tuple(_runs(of_course)))


def _runs(of_course: list[CourseRunRow]) -> Iterator[Run]:
    for row in of_course:
        if row.run_id is not None and row.run is not None:
            yield Run(row.run_id, row.run, row.run_title or "", row.starts_at, row.ends_at)
