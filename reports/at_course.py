"""Files about one course, or one run of it: their figures, and the name of the course."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from database.levels import Level, at_level, level
from queries.courses.known import UnknownCourse, courses, level_of
from queries.courses.names import course_name, run_name
from rules.errors import InputError


@contextmanager
def at_course(creator_id: UUID, course_id: UUID | None, run_id: UUID | None = None) -> Iterator[str]:
    """Read the figures of this course, or run of it; returns its name, "" without a course.

    Without a course, the current level stays. Raises InputError for a course or run that is not the
    creator's, FiguresBeingBuilt if it has no figures yet. Enter it inside the snapshot that is read.
    """
    with at_level(asked_level(creator_id, course_id, run_id)):
        yield _name(creator_id, course_id, run_id)


def asked_level(creator_id: UUID, course_id: UUID | None, run_id: UUID | None = None) -> Level:
    """The level that `at_course` reads. Raises the same errors."""
    if course_id is None:
        return level()
    try:
        return level_of(creator_id, course_id, run_id)
    except UnknownCourse as unknown:
        raise InputError(_refusal(creator_id, course_id, run_id)) from unknown


def _refusal(creator_id: UUID, course_id: UUID, run_id: UUID | None) -> str:
    known = courses(creator_id).courses
    course = next((one for one in known if one.course_id == course_id), None)
    if course is None:
        names = ", ".join(f'"{course_name(one)}" ({one.course_id})' for one in known) or "none"
        return f"There is no course {course_id} of this creator; the courses are: {names}."
    names = ", ".join(f'"{run_name(one)}" ({one.run_id})' for one in course.runs)
    return f'The course "{course_name(course)}" has no run {run_id}; its runs are: {names}.'


def _name(creator_id: UUID, course_id: UUID | None, run_id: UUID | None) -> str:
    if course_id is None:
        return ""
    known = courses(creator_id).courses
    course = next(one for one in known if one.course_id == course_id)
    run = next((one for one in course.runs if one.run_id == run_id), None)
    titles = [course_name(course)] if course.title or len(known) > 1 else []
    return ", ".join([*titles, *([run_name(run)] if run and len(course.runs) > 1 else [])])
