"""Courses with their runs and figures."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from api.schemas.base import Shape


class LevelDay(Shape):
    date: date
    active_students: int


class SteepestDrop(Shape):
    """Two neighbouring videos: how many of those who reached the first never got to the second."""

    place: int
    video_id: UUID
    title: str
    next_title: str
    reached: int
    lost: int


class LevelFigures(Shape):
    """The figures of a course or run."""

    students: int
    active_students: int = Field(description="Students with an activity in the period.")
    active_students_before: int = Field(description="On the local days of the previous period.")
    change_percent: int | None = Field(
        description="Change in students active on the days of the period; null: nothing to compare with."
    )
    finished_students: int = Field(description="Who completed every published video.")
    median_days_to_finish: float | None = Field(
        description="From enrolment to the last video; null: nobody has finished."
    )
    steepest_drop: SteepestDrop | None = Field(description="null: fewer than five reached a video, or nobody stopped.")
    days: list[LevelDay] = Field(description="Each local day of the period, oldest first.")


class RunDetails(Shape):
    """A run: without a start it has always been open, without an end it stays open."""

    run_id: UUID = Field(alias="id")
    title: str
    starts_at: datetime | None
    ends_at: datetime | None


class Run(RunDetails):
    figures: LevelFigures | None = Field(description="null: still being calculated.")


class Course(Shape):
    course_id: UUID = Field(alias="id")
    title: str = Field(description="Empty: the course has no name yet.")
    closed_at: datetime | None
    figures: LevelFigures | None = Field(description="null: still being calculated.")
    runs: list[Run]


class CourseList(Shape):
    """The courses in order, each with its runs by start date."""

    courses: list[Course]
