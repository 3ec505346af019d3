"""The names of courses and runs."""

from uuid import UUID

from queries.courses.known import Course, Run, courses
from rules.errors import InputError
from rules.formatting import dated_in_full
from rules.sentences import figure


@figure
def course_name(course: Course) -> str:
    """The title; without one, its number. Closed courses are marked."""
    name = course.title or f"Course {course.number}"
    return f"{name} (closed)" if course.closed_at else name


@figure
def run_name(run: Run) -> str:
    """The title; otherwise its start, otherwise its number."""
    if run.title:
        return run.title
    return f"Since {dated_in_full(run.starts_at)}" if run.starts_at else f"Run {run.number}"


def course_named(creator_id: UUID, name: str) -> Course:
    """The course with this title (ignoring case) or id. Raises InputError with the existing titles."""
    known = courses(creator_id).courses
    found = [one for one in known if name.casefold() in (one.title.casefold(), str(one.course_id))]
    if len(found) == 1:
        return found[0]
    titles = ", ".join(f'"{course_name(one)}"' for one in known) or "none"
    raise InputError(f'There is no course called "{name}"; the courses are: {titles}.')


def course_names(creator_id: UUID) -> dict[UUID, str]:
    """The name of each course by its id, in their order."""
    return {course.course_id: course_name(course) for course in courses(creator_id).courses}


def course_and_run_names(creator_id: UUID) -> dict[str, str]:
    """The name of each course and run by its id as text."""
    known = courses(creator_id).courses
    runs = {str(run.run_id): run_name(run) for course in known for run in course.runs}
    return {str(course.course_id): course_name(course) for course in known} | runs


def open_course_names(creator_id: UUID) -> dict[UUID, str]:
    """Those of the courses that are not closed."""
    return {one.course_id: course_name(one) for one in courses(creator_id).courses if one.closed_at is None}
