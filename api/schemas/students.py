"""Students: one page of them, and one of them."""

from datetime import datetime
from uuid import UUID

from pydantic import Field

from api.schemas.base import Shape


class Student(Shape):
    """A student in the list."""

    student_id: UUID = Field(alias="id")
    name: str
    email: str | None
    engagement_tier: str = Field(examples=["highly_engaged"])
    status: str = Field(examples=["active"])
    created_at: datetime
    last_active: datetime | None = Field(description="The newest activity; null for a student who never started.")
    progress_percent: int = Field(
        alias="progress", description="Completed videos out of all published videos, in percent."
    )
    videos_watched: int
    videos_completed: int
    published_videos: int
    avg_completion_percent: float | None = Field(alias="avgCompletion", description="Mean watched share, in percent.")
    watch_seconds: int
    quiz_attempts: int
    quizzes_passed: int
    questions_asked: int
    xp_points: int = Field(alias="xp")
    level: int
    streak_days: int
    is_finished: bool


class StudentList(Shape):
    """One page of students. The header `Link` (rel="next") leads to the next one."""

    students: list[Student]
    total: int = Field(examples=[245])
    page: int = Field(examples=[1])
    page_size: int = Field(examples=[50])
    has_more: bool = Field(examples=[True])


class Signal(Shape):
    """Something worth knowing about a student; the kind decides which fields are set."""

    kind: str
    days: float | None
    usual_gap_days: float | None
    times: int | None
    conversations: int | None
    subject: str | None
    place: int | None
    percent: float | None
    video_id: UUID | None
    quiz_id: UUID | None


class CourseVideo(Shape):
    video_id: UUID
    title: str
    place: int
    state: str
    last_watched: datetime | None
    stopped_at_second: int | None


class Attempt(Shape):
    attempt_id: UUID
    quiz_id: UUID
    quiz_title: str
    attempt_number: int
    score_percent: float
    passed: bool
    time_taken_seconds: int | None
    completed_at: datetime


class Question(Shape):
    message_id: UUID
    question: str
    created_at: datetime
    is_answered: bool
    is_archived: bool
    answer: str | None
    rating: float | None
    video_id: UUID | None
    video_title: str | None


class Event(Shape):
    occurred_at: datetime
    kind: str
    subject: str | None
    video_id: UUID | None
    quiz_id: UUID | None


class StudentProfile(Shape):
    """Everything about one student; the latest attempts, questions and events, as on the student's page."""

    student: Student
    signals: list[Signal]
    course: list[CourseVideo]
    attempts: list[Attempt]
    questions: list[Question]
    timeline: list[Event]
