"""Changes to courses: adding, renaming, ordering, and their videos and quizzes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from fastapi import Response

from actions.courses import (
    NoSuchCourse,
    NotThere,
    RunDates,
    add_course,
    add_run,
    change_course,
    order_courses,
    put_quizzes,
    put_videos,
)
from api.callers import Caller, CallerOf
from api.problems import CONFLICT, Problem, not_found, unknown
from api.routing import WritingRoute, routes
from api.schemas.course_changes import (
    CourseChanges,
    CourseDetails,
    CourseOrder,
    NewCourse,
    NewRun,
    QuizzesOfCourse,
    VideosOfCourse,
)
from api.schemas.courses import RunDetails
from api.schemas.problem import responses
from api.schemas.videos import Changed
from queries.courses.known import Course, Run
from queries.courses.known import courses as courses_of
from rules.errors import InputError

course_changes = routes(WritingRoute, "Courses")


@course_changes.post("/courses", status_code=201, response_model=CourseDetails, responses=responses(CONFLICT))
def add(caller: CallerOf, wanted: NewCourse) -> Any:
    """Add a course at the end, with a run that is always open. Titles must be unique."""
    with refusals():
        course_id = add_course(caller.author, caller.creator_id, wanted.title)
    return CourseDetails.model_validate(_course(caller, course_id), from_attributes=True)


@course_changes.put("/courses/order", status_code=204, responses=responses(CONFLICT))
def order(caller: CallerOf, wanted: CourseOrder) -> Response:
    """Put the courses in order; the list must name every course exactly once."""
    with refusals():
        order_courses(caller.author, caller.creator_id, wanted.course_ids)
    return Response(status_code=204)


@course_changes.patch("/courses/{courseId:uuid}", response_model=CourseDetails, responses=responses(CONFLICT))
def change(caller: CallerOf, courseId: UUID, wanted: CourseChanges) -> Any:  # from the address
    """Rename, close or reopen a course. The last open course cannot be closed."""
    given = wanted.model_fields_set
    with refusals():
        change_course(
            caller.author,
            caller.creator_id,
            courseId,
            title=wanted.title if "title" in given else None,
            is_closed=wanted.closed if "closed" in given else None,
        )
    return CourseDetails.model_validate(_course(caller, courseId), from_attributes=True)


@course_changes.post(
    "/courses/{courseId:uuid}/runs", status_code=201, response_model=RunDetails, responses=responses(CONFLICT)
)
def begin_run(caller: CallerOf, courseId: UUID, wanted: NewRun) -> Any:  # from the address
    """Add a run to a course."""
    with refusals():
        dates = RunDates(wanted.title, wanted.starts_at, wanted.ends_at)
        run_id = add_run(caller.author, caller.creator_id, courseId, dates)
    return RunDetails.model_validate(run_of(caller, run_id), from_attributes=True)


@course_changes.put("/courses/{courseId:uuid}/videos", response_model=Changed)
def take_videos(caller: CallerOf, courseId: UUID, wanted: VideosOfCourse) -> Any:  # from the address
    """Move videos to a course from the ones they are in; student activity moves with them."""
    with refusals("videoIds"):
        is_current = put_videos(caller.author, caller.creator_id, courseId, wanted.video_ids)
    return {"figures_are_current": is_current}


@course_changes.put("/courses/{courseId:uuid}/quizzes", response_model=Changed)
def take_quizzes(caller: CallerOf, courseId: UUID, wanted: QuizzesOfCourse) -> Any:  # from the address
    """Move quizzes to a course from the ones they are in; student activity moves with them."""
    with refusals("quizIds"):
        is_current = put_quizzes(caller.author, caller.creator_id, courseId, wanted.quiz_ids)
    return {"figures_are_current": is_current}


@contextmanager
def refusals(named_by: str = "") -> Iterator[None]:
    """Turn errors of an action into Problems: something does not exist, or it cannot be done now."""
    try:
        yield
    except NoSuchCourse:
        raise not_found() from None
    except NotThere as error:
        raise unknown(named_by, error.missing, "It does not exist, or no longer does. Nothing was changed.") from error
    except InputError as error:
        raise Problem(CONFLICT, str(error)) from error


def run_of(caller: Caller, run_id: UUID) -> Run:
    """The run as it is now. Raises a Problem if the creator does not have it."""
    found = (run for course in courses_of.fresh(caller.creator_id).courses for run in course.runs)
    known = next((run for run in found if run.run_id == run_id), None)
    if known is None:
        raise not_found()
    return known


def _course(caller: Caller, course_id: UUID) -> Course:
    return next(one for one in courses_of.fresh(caller.creator_id).courses if one.course_id == course_id)
