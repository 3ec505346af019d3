"""The courses and runs of a creator, which are few: all of them, as they are in a portion."""

import re
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from sqlalchemy import Connection, text

from sources.landing.names import Names

MADE_UP_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # the database's, for what has no name yet

FIRST_COURSE = text("select first_course(:creator_id)")
# Landings take turns; a page that adds a course at the same time waits here.
COURSES = text(
    """
    select
        courses.id,
        courses.external_id,
        courses.title,
        courses.number,
        exists (
            select
            from videos
            where
                videos.creator_id = courses.creator_id
                and videos.course_id = courses.id
                and videos.import_number is null
        )
        or exists (
            select
            from quizzes
            where
                quizzes.creator_id = courses.creator_id
                and quizzes.course_id = courses.id
                and quizzes.import_number is null
        ) as is_used
    from courses
    where courses.creator_id = :creator_id
    order by courses.number
    for no key update
    """
)
RUNS = text(
    """
    select
        id,
        external_id,
        title,
        number,
        course_id
    from course_runs
    where creator_id = :creator_id
    order by number
    """
)


@dataclass
class ACourse:
    id: UUID
    external_id: str
    number: int
    is_unused: bool  # nobody named it, and only what no source put anywhere is in it: a source's course takes its place
    is_new: bool = False
    is_taken: bool = False  # the place of one without a name


@dataclass
class ARun:
    id: UUID
    external_id: str
    number: int
    course_id: UUID
    is_unnamed: bool
    is_new: bool = False
    is_taken: bool = False


@dataclass
class Courses:
    """Changes with what is asked of it: an unknown course or run is made, or takes the place of one without a name."""

    names: Names
    courses: list[ACourse] = field(default_factory=list)
    runs: list[ARun] = field(default_factory=list)

    def course(self, own: str) -> ACourse:
        """The course that the source calls so."""
        external = self.names.external(own)
        found = next((one for one in self.courses if one.external_id == external), None) or next(
            (one for one in self.courses if one.is_unused), None
        )
        if found is None:
            found = ACourse(self.names.made("course", own), external, _next(self.courses), False, is_new=True)
            self.courses.append(found)
            self._unnamed_run(found)
        if found.is_unused:
            found.external_id, found.is_unused, found.is_taken = external, False, True
        return found

    def run(self, own: str, course: ACourse) -> ARun | None:
        """The run that the source calls so; None if it belongs to another course."""
        external = self.names.external(own)
        found = next((one for one in self.runs if one.external_id == external), None)
        if found is None:
            of_course = [one for one in self.runs if one.course_id == course.id]
            found = next((one for one in of_course if one.is_unnamed), None)
        if found is None:
            found = ARun(self.names.made("run", own), external, _next(self.runs), course.id, False, is_new=True)
            self.runs.append(found)
        if found.course_id != course.id:
            return None
        if found.is_unnamed:
            found.external_id, found.is_unnamed, found.is_taken = external, False, True
        return found

    def newest_run(self, course: ACourse) -> ARun:
        """The run that was added last."""
        of_course = [one for one in self.runs if one.course_id == course.id]
        return of_course[-1] if of_course else self._unnamed_run(course)

    def first(self) -> UUID | None:
        """The course of what is in none; None if there is no course yet."""
        return self.courses[0].id if self.courses else None

    def _unnamed_run(self, course: ACourse) -> ARun:
        run_id = self.names.made("run of", str(course.id))
        run = ARun(run_id, str(uuid4()), _next(self.runs), course.id, True, is_new=True)
        self.runs.append(run)
        return run


def known_courses(connection: Connection, names: Names, is_dry: bool = False) -> Courses:
    """All courses and runs; a creator without any gets the first one, unless nothing may be written."""
    asked = {"creator_id": names.creator_id}
    if not is_dry:
        connection.execute(FIRST_COURSE, asked)
    courses = [
        ACourse(row.id, row.external_id, row.number, _is_unnamed(row) and not row.is_used)
        for row in connection.execute(COURSES, asked)
    ]
    runs = [
        ARun(row.id, row.external_id, row.number, row.course_id, _is_unnamed(row))
        for row in connection.execute(RUNS, asked)
    ]
    return Courses(names, courses, runs)


def _is_unnamed(row: "tuple[str, str] | object") -> bool:
    told = (getattr(row, "title"), getattr(row, "external_id"))  # noqa: B009
    return not told[0] and MADE_UP_NAME.fullmatch(told[1]) is not None


def _next(numbered: "list[ACourse] | list[ARun]") -> int:
    return max((one.number for one in numbered), default=0) + 1
