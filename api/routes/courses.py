"""The figures of courses and their runs, side by side."""

from typing import Any

from api.callers import CallerOf
from api.periods import CompareKey, PeriodKey, asked_period
from api.problems import CONFLICT
from api.routing import EveryCourseRoute, routes
from api.schemas.courses import CourseList
from api.schemas.problem import responses
from queries.courses.figures import CourseFigures, course_figures
from queries.courses.level_figures import LevelFigures

courses = routes(EveryCourseRoute, "Courses")


@courses.get("/courses", response_model=CourseList, responses=responses(CONFLICT))
def course_list(caller: CallerOf, period: PeriodKey = "30d", compare: CompareKey = "before") -> Any:
    """The courses with their runs, and the figures of each."""
    chosen = asked_period(caller, period, compare)
    return {"courses": [_with_figures(one) for one in course_figures(caller.creator_id, chosen)]}


def _with_figures(one: CourseFigures) -> dict[str, Any]:
    of_runs = {of_run.run.run_id: of_run.figures for of_run in one.runs}
    return {
        "course_id": one.course.course_id,
        "title": one.course.title,
        "closed_at": one.course.closed_at,
        "figures": _figures(one.figures),
        # The only run of a course has the figures of the course.
        "runs": [vars(run) | {"figures": _figures(of_runs.get(run.run_id, one.figures))} for run in one.course.runs],
    }


def _figures(figures: LevelFigures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {
        "students": figures.students,
        "active_students": figures.activity.active_students,
        "active_students_before": figures.activity.seen_period_before,
        "change_percent": figures.activity.change_percent,
        "finished_students": figures.finished_students,
        "median_days_to_finish": figures.median_days_to_finish,
        "steepest_drop": figures.steepest_drop and vars(figures.steepest_drop),
        "days": [{"date": day, "active_students": count} for day, count in figures.active_by_day.items()],
    }
