"""Runs of courses: their names and dates, and who is enrolled in them."""

from dataclasses import asdict
from typing import Any
from uuid import UUID

from actions.courses import RunDates, change_run
from actions.enrolments import end_enrolments, enrol, move_students
from api.callers import CallerOf
from api.problems import CONFLICT, unknown
from api.routes.course_changes import refusals, run_of
from api.routing import WritingRoute, routes
from api.schemas.course_changes import (
    EndedEnrolments,
    Enrolments,
    MovedEnrolments,
    NewEnrolments,
    RunChanges,
)
from api.schemas.courses import RunDetails
from api.schemas.problem import responses
from queries.courses.known import courses as courses_of

runs = routes(WritingRoute, "Courses")


@runs.patch("/runs/{runId:uuid}", response_model=RunDetails, responses=responses(CONFLICT))
def change(caller: CallerOf, runId: UUID, wanted: RunChanges) -> Any:  # from the address
    """Rename a run or change its dates; null removes a date."""
    before = run_of(caller, runId)
    given = {name: getattr(wanted, name) for name in wanted.model_fields_set}
    with refusals():
        dates = RunDates(**{"title": before.title, "starts_at": before.starts_at, "ends_at": before.ends_at} | given)
        change_run(caller.author, caller.creator_id, runId, dates)
    return RunDetails.model_validate(run_of(caller, runId), from_attributes=True)


@runs.post("/runs/{runId:uuid}/enrolments", response_model=Enrolments)
def begin(caller: CallerOf, runId: UUID, wanted: NewEnrolments) -> Any:  # from the address
    """Enrol students in a run from now on, all or none; students who had left are enrolled again."""
    with refusals("studentIds"):
        done = enrol(caller.author, caller.creator_id, runId, wanted.student_ids, wanted.access_expires_at)
    return asdict(done)


@runs.post("/runs/{runId:uuid}/enrolments/end", response_model=Enrolments)
def end(caller: CallerOf, runId: UUID, wanted: EndedEnrolments) -> Any:  # from the address
    """End the enrolment of students in a run now, all or none; their other runs and courses continue."""
    with refusals("studentIds"):
        ended = end_enrolments(caller.author, caller.creator_id, runId, wanted.student_ids)
    return {"changed": ended, "unchanged": len(set(wanted.student_ids)) - ended}


@runs.post("/runs/{runId:uuid}/enrolments/move", response_model=Enrolments, responses=responses(CONFLICT))
def move(caller: CallerOf, runId: UUID, wanted: MovedEnrolments) -> Any:  # from the address
    """Move students from this run to another in one step; those who are not in it stay where they are."""
    run_of(caller, runId)
    known = {run.run_id for course in courses_of.fresh(caller.creator_id).courses for run in course.runs}
    if wanted.to_run_id not in known:
        raise unknown(
            "toRunId", wanted.to_run_id, "You have no run with this id; GET /creator/courses lists what there is."
        )
    with refusals("studentIds"):
        done = move_students(caller.author, caller.creator_id, runId, wanted.to_run_id, wanted.student_ids)
    return asdict(done)
