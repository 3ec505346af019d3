"""The figures of every course and run, side by side."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from queries.cache.caching import cached_query
from queries.courses.days_of_run import SHARES, RunOfLevel, days_of_runs
from queries.courses.known import Course, Courses, Run, UnknownCourse, courses, level_in, shown_levels
from queries.courses.level_figures import LevelFigures, figures_of_levels
from queries.periods.period import Period


@dataclass(frozen=True)
class RunFigures:
    """A run and its figures; None: they are being built."""

    run: Run
    figures: LevelFigures | None


@dataclass(frozen=True)
class CourseFigures:
    """A course and its figures (None: being built); runs only if there are several."""

    course: Course
    figures: LevelFigures | None
    runs: list[RunFigures]


def course_figures(creator_id: UUID, period: Period, course_ids: tuple[UUID, ...] | None = None) -> list[CourseFigures]:
    """Every course in order, with the figures of the course and, if it has several runs, of each run.

    `course_ids`: only these, in this order. Raises UnknownCourse.
    The current level does not matter: each course and run is read at its own. Raises FiguresBeingBuilt
    if the creator has no figures at all.
    """
    known, found = courses(creator_id), figures_of_levels(creator_id, period, course_ids)
    return [
        CourseFigures(
            course,
            _figures(found, known, course),
            [RunFigures(run, _figures(found, known, course, run)) for run in course.runs if len(course.runs) > 1],
        )
        for course in (known.courses if course_ids is None else _named(known, course_ids))
    ]


@cached_query
def runs_by_day(creator_id: UUID, course_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """The runs of these courses by the days since their start, so that they can be compared in one chart.

    One row per course in the given order, run in the course's order, and local day from its start (without one, the
    first
    enrolment) to its end, or to the day on which the last of its students first came or finished, but not after today:
    course_id, run_id, title, day (1 is the first), active_students (on this day),
    active_share_percent and finished_share_percent (the share of the run's students who had been active or had finished
    by its end; NaN without students). A run that has not begun, or whose figures are not shown yet, has no row. Raises
    UnknownCourse.
    """
    known = courses.fresh(creator_id)
    shown = set(shown_levels(known))
    told = [
        (course, run, level)
        for course in _named(known, course_ids)
        for run in course.runs
        if (level := level_in(known, course, run)) in shown
    ]
    days = days_of_runs(creator_id, [RunOfLevel(level, run.starts_at, run.ends_at) for _, run, level in told])
    names = pd.DataFrame(
        [(course.course_id, run.run_id, run.title) for course, run, _ in told],
        columns=["course_id", "run_id", "title"],
        dtype=object,
    )
    named = days.join(names, on="place")
    return named[[*names, "day", "active_students", *SHARES]]


def _named(known: Courses, course_ids: tuple[UUID, ...]) -> list[Course]:
    by_id = {course.course_id: course for course in known.courses}
    if unknown := [course_id for course_id in course_ids if course_id not in by_id]:
        raise UnknownCourse(str(unknown[0]))
    return [by_id[course_id] for course_id in course_ids]


def _figures(
    found: dict[tuple[int, int], LevelFigures], known: Courses, course: Course, run: Run | None = None
) -> LevelFigures | None:
    level = level_in(known, course, run)
    return found.get((level.course, level.run))
