"""The figures of every course and run: all levels in one statement for each kind of figure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from database.levels import Level
from database.statements import sql
from queries.cache.caching import cached_query
from queries.courses.finishing import finished_at_levels
from queries.courses.funnel import Drop, steepest_drops
from queries.courses.known import courses, shown_levels
from queries.courses.several_levels import rows_of_levels
from queries.overview.engagement import ActiveInPeriod, seen_on_the_other_run
from queries.periods.changes import share_percent
from queries.periods.period import Period

DAY = timedelta(days=1)

LEVEL_ACTIVITY = sql("queries/courses/level_activity")


@dataclass(frozen=True)
class LevelFigures:
    """The figures of a course or run in a period. `active_on` are the days, oldest first, with any activity.

    `enrolled_students` are those of the students who enrolled by the last day of the period.
    """

    students: int
    enrolled_students: int
    activity: ActiveInPeriod
    finished_students: int
    median_days_to_finish: float | None
    steepest_drop: Drop | None
    first_day: date
    last_day: date
    active_on: tuple[tuple[date, int], ...]

    @property
    def finished_percent(self) -> int | None:
        return share_percent(self.finished_students, self.students)

    @property
    def active_by_day(self) -> dict[date, int]:
        """Active students on each local day of the period, oldest first."""
        active = dict(self.active_on)
        days = [self.first_day + number * DAY for number in range((self.last_day - self.first_day).days + 1)]
        return {day: active.get(day, 0) for day in days}


@dataclass(frozen=True, slots=True)
class LevelActivityRow:
    """One row per level: who is in it, who was active, and on which days."""

    course: int
    run: int
    students: int
    enrolled_students: int
    active_students: int
    seen_this_period: int
    seen_period_before: int
    first_day: date
    last_day: date
    days: list[date] | None
    students_on_days: list[int] | None  # on each of the days
    running_day: date | None
    students_until_now: int | None  # on the running day


@cached_query
def figures_of_levels(
    creator_id: UUID, period: Period, course_ids: tuple[UUID, ...] | None = None
) -> dict[tuple[int, int], LevelFigures]:
    """The figures of each course, and of each run where a course has several, by the numbers of course and run.

    `course_ids`: only these courses. Courses without figures yet are missing. The current level does not matter.
    """
    levels = shown_levels(courses.fresh(creator_id), course_ids)
    finished = finished_at_levels(creator_id, levels)
    drops = steepest_drops(creator_id, levels)
    return {
        key: LevelFigures(
            students=row.students,
            enrolled_students=row.enrolled_students,
            activity=activity,
            finished_students=finished[key].finished_students,
            median_days_to_finish=finished[key].median_days,
            steepest_drop=drops.get(key),
            first_day=row.first_day,
            last_day=row.last_day,
            active_on=_active_on(row),
        )
        for key, row, activity in _activity(creator_id, period, levels)
    }


def _activity(
    creator_id: UUID, period: Period, levels: Sequence[Level]
) -> list[tuple[tuple[int, int], LevelActivityRow, ActiveInPeriod]]:
    found = rows_of_levels(creator_id, LEVEL_ACTIVITY, levels, LevelActivityRow, **period.parameters)
    # Each of them is compared with another run, the same one for all.
    other = seen_on_the_other_run(creator_id, period) if period.other_run else None
    return [
        (
            (row.course, row.run),
            row,
            ActiveInPeriod(
                row.active_students,
                row.seen_this_period,
                row.seen_period_before if other is None else other,
            ),
        )
        for row in found
    ]


def _active_on(row: LevelActivityRow) -> tuple[tuple[date, int], ...]:
    days = zip(row.days or (), row.students_on_days or (), strict=True)
    running = ((row.running_day, row.students_until_now or 0),) if row.running_day else ()
    return (*days, *running)
