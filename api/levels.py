"""The course or run that a request asks about: all figures are then limited to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Query, Request

from api.problems import invalid, unknown
from database.levels import EVERYTHING, Level
from queries.courses.known import UnknownCourse, level_of

WHERE_LISTED = "GET /creator/courses lists what there is."


@dataclass(frozen=True)
class _Asked:
    creator_id: UUID
    course_id: UUID | None
    run_id: UUID | None


_asked: ContextVar[_Asked | None] = ContextVar("asked", default=None)


@contextmanager
def asking_about(request: Request, creator_id: UUID) -> Iterator[None]:
    """Within the block, and in its threads, `level_asked_for` returns the course and run of the address.

    Raises a Problem for a value that is not an id.
    """
    token = _asked.set(_Asked(creator_id, _id(request, "course"), _id(request, "run")))
    try:
        yield
    finally:
        _asked.reset(token)


def level_asked_for() -> Level:
    """The course and run of the request; all of them by default.

    Raises a Problem if the creator does not have them, and FiguresBeingBuilt.
    """
    asked = _asked.get()
    if asked is None:
        return EVERYTHING
    try:
        return level_of(asked.creator_id, asked.course_id, asked.run_id)
    except UnknownCourse:
        if asked.run_id is None:
            raise unknown("course", asked.course_id, f"You have no course with this id; {WHERE_LISTED}") from None
        raise unknown("run", asked.run_id, f"{_no_run(asked)}; {WHERE_LISTED}") from None


async def ChosenCourse(  # used as a type in the routes
    course: Annotated[
        UUID | None, Query(description="Figures of this course only. Without it: of all courses.")
    ] = None,
    run: Annotated[
        UUID | None, Query(description="Figures of this run of a course only; the course's id is not needed.")
    ] = None,
) -> None:
    """Only for the description: the route itself reads them, before anything is looked for."""


def _no_run(asked: _Asked) -> str:
    return "You have no run with this id" if asked.course_id is None else "This course has no run with this id"


def _id(request: Request, name: str) -> UUID | None:
    given = request.query_params.get(name)
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise invalid(name, given, f"This is not the id of a {name}; {WHERE_LISTED}") from None
