"""A chosen period, with its days as of today and the available runs."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID
from zoneinfo import ZoneInfo

from database.frames import one_row
from database.levels import EVERYTHING, level
from database.statements import sql
from queries.cache.caching import cached_query
from queries.courses import known as of_courses
from queries.courses.known import Course, courses, level_of
from queries.periods.period import BEFORE, PERIODS, RUN, Period, Run, resolve, run_key

LOCAL_DAY = sql("queries/periods/local_day")


@dataclass(frozen=True)
class LocalDay:
    """The creator's day, its time zone, and whether it has not ended."""

    today: date
    timezone: str
    is_going_on: bool

    def running_of(self, period: Period) -> date | None:
        """This day, if it is in the period and has not ended."""
        is_among_them = period.windows is None or period.windows.last_day == self.today
        return self.today if self.is_going_on and is_among_them else None


@cached_query
def local_day(creator_id: UUID) -> LocalDay:
    """The current day, in the time zone of the shown figures."""
    return LocalDay(**one_row(creator_id, LOCAL_DAY))


def chosen_period(creator_id: UUID, key: str, compare: str = BEFORE) -> Period:
    """The period with these keys, and what it is compared with, at the current level.

    Raises ValueError (UnknownRun, NotYet), naming the value and what is allowed, and FiguresBeingBuilt for another run
    that has no figures yet.
    """
    if key in PERIODS and compare == BEFORE:
        return PERIODS[key]
    day = local_day(creator_id)
    period = resolve(key, day.today, compare, runs_by_key(creator_id, day.timezone))
    return _with_level(creator_id, period) if period.other_run else period


def running_day(creator_id: UUID, period: Period) -> date | None:
    """The day of the period that has not ended; None if all have."""
    return local_day(creator_id).running_of(period)


def runs_by_key(creator_id: UUID, timezone: str) -> dict[str, Run]:
    """The runs with a start, of the current course or all, by `run:<id>`; the chosen one as `run`."""
    found = {
        run_key(run.run_id): Run(_title(course, run), run.starts_at.astimezone(ZoneInfo(timezone)).date())
        for course in _courses_of_level(creator_id)
        for run in course.runs
        if run.starts_at is not None
    }
    chosen = _chosen_run(creator_id)
    return found | {RUN: found[chosen]} if chosen in found else found


def _with_level(creator_id: UUID, period: Period) -> Period:
    run_id = UUID(period.compare.removeprefix(f"{RUN}:"))
    of = next(course for course in courses(creator_id).courses if run_id in {run.run_id for run in course.runs})
    return replace(period, other_level=level_of(creator_id, of.course_id, run_id))


def _courses_of_level(creator_id: UUID) -> list[Course]:
    every = courses(creator_id).courses
    return every if level() == EVERYTHING else [course for course in every if course.number == level().course]


def _chosen_run(creator_id: UUID) -> str | None:
    """The run of the current level; if a course or creator has only one run, that one."""
    runs = [run for course in _courses_of_level(creator_id) for run in course.runs]
    if level().run:
        runs = [run for run in runs if run.number == level().run]
    return run_key(runs[0].run_id) if len(runs) == 1 else None


def _title(course: Course, run: of_courses.Run) -> str:
    return run.title or course.title or "the run"
