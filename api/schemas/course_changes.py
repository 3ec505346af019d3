"""Changes to courses, runs and enrolments."""

from datetime import UTC, datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BeforeValidator, Field, WithJsonSchema

from actions.courses import COURSES_LIMIT, TITLE_LIMIT
from actions.enrolments import STUDENTS_AT_ONCE
from api.schemas.base import ALL_DIFFERENT, Given, Shape, Text
from api.schemas.courses import RunDetails
from api.schemas.videos import Title
from database.instants import BETWEEN, is_taken

WRITE_SO = "write it as 2026-03-04T12:00:00Z, or with the offset from UTC as 2026-03-04T12:00:00+01:00"
YEARS = "^(199[0-9]|20[0-9]{2})-"
MOST_VIDEOS = 20_000


def zoned(written: Any) -> datetime:
    """The time, written with its zone, in UTC. Raises ValueError, which says what to write."""
    if not isinstance(written, str):
        raise ValueError(f"a time is text; {WRITE_SO}")
    try:
        instant = datetime.fromisoformat(written.upper())  # "t" and "z" are valid too
    except ValueError:
        raise ValueError(f"this is not a time; {WRITE_SO}") from None
    if instant.tzinfo is None:
        raise ValueError(f"the time zone is missing; {WRITE_SO}")
    if not is_taken(instant):
        raise ValueError(f"it must be {BETWEEN}")
    return instant.astimezone(UTC)  # the database does not accept an offset of 16 hours


Instant = Annotated[
    datetime,
    BeforeValidator(zoned),
    WithJsonSchema(
        {"type": "string", "format": "date-time", "pattern": YEARS, "description": f"With its zone, {BETWEEN}."}
    ),
]
RunTitle = Annotated[Text, Field(max_length=TITLE_LIMIT)]
StudentIds = Annotated[list[UUID], Field(max_length=STUDENTS_AT_ONCE, description="All of them or none.")]


class CourseDetails(Shape):
    course_id: UUID = Field(alias="id")
    title: str = Field(description="Empty: the course has no name yet.")
    closed_at: datetime | None
    runs: list[RunDetails]


class NewCourse(Given):
    title: Title


class CourseChanges(Given):
    """What to change; fields that are left out stay as they are."""

    title: Title = Field(default_factory=str)
    closed: bool = Field(default=False, strict=True, description="true closes the course, false reopens it.")


class CourseOrder(Given):
    """Every course, in the new order."""

    course_ids: list[UUID] = Field(max_length=COURSES_LIMIT, json_schema_extra=ALL_DIFFERENT)


class NewRun(Given):
    """A run; without a start it has always been open, without an end it stays open."""

    title: RunTitle = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class RunChanges(Given):
    """What to change; fields that are left out stay as they are, null removes a date."""

    title: RunTitle = ""
    starts_at: Instant | None = None
    ends_at: Instant | None = None


class VideosOfCourse(Given):
    """Videos to move to the course, all or none; those already in it stay."""

    video_ids: list[UUID] = Field(max_length=MOST_VIDEOS)


class QuizzesOfCourse(Given):
    """Quizzes to move to the course, all or none; those already in it stay."""

    quiz_ids: list[UUID] = Field(max_length=MOST_VIDEOS)


class NewEnrolments(Given):
    """Students to enrol from now on; those who had left are enrolled again."""

    student_ids: StudentIds
    access_expires_at: Instant | None = Field(default=None, description="null: access does not expire.")


class EndedEnrolments(Given):
    """Students whose enrolment ends now; their other runs and courses continue."""

    student_ids: StudentIds


class MovedEnrolments(Given):
    """Students to move from this run to another, in one step."""

    to_run_id: UUID
    student_ids: StudentIds


class Enrolments(Shape):
    changed: int
    unchanged: int = Field(description="Already as asked.")
