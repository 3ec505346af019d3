"""Videos: one page of them, one with its analytics, and its editable details."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, WithJsonSchema

from api.schemas.base import ALL_DIFFERENT, Given, Shape, Text, sendable


class Video(Shape):
    """A video in the library."""

    video_id: UUID = Field(alias="id")
    title: str
    status: str
    category: str | None
    tags: list[str]
    difficulty_level: str | None
    duration_seconds: int | None
    position: int
    created_at: datetime
    views: int
    views_7d: int = Field(alias="views7d")
    unique_viewers: int
    completions: int
    completion_rate_percent: float | None = Field(alias="completionRate")
    avg_watched_percent: float | None = Field(alias="avgWatched")
    avg_drop_off_percent: float | None = Field(alias="avgDropOff")
    band: str = Field(description="What the completion rate says: too-long, average, high-quality or too-few.")


class VideoList(Shape):
    videos: list[Video]
    total: int
    page: int
    page_size: int
    has_more: bool


class RetentionPoint(Shape):
    second: float | None
    position_percent: float
    retention_percent: float


class DropOff(Shape):
    second: int
    viewers_lost: int
    viewers_reached: int
    lost_percent: float
    is_cliff: bool


class Section(Shape):
    start_second: int
    end_second: int
    viewers: float
    plays_per_viewer: float


class RelatedQuestion(Shape):
    question: str
    people: int
    messages: int
    unanswered: int
    mean_rating: float | None
    is_badly_answered: bool
    last_asked_at: datetime


class QuizOfVideo(Shape):
    quiz_id: UUID
    title: str
    status: str
    attempts: int
    students: int
    passed: int
    pass_rate_percent: float | None = Field(alias="passRate")
    is_struggling: bool


class VideoAnalyticsAnswer(Shape):
    """One video: its figures, retention, drop-off points, replayed sections, questions."""

    video_id: UUID = Field(alias="id")
    title: str
    status: str
    duration_seconds: int | None
    created_at: datetime
    views: int
    views_7d: int = Field(alias="views7d")
    unique_viewers: int
    completions: int
    completion_rate_percent: float | None = Field(alias="completionRate")
    completion_band: str
    avg_watched_percent: float | None = Field(alias="avgWatched")
    avg_drop_off_percent: float | None = Field(alias="avgDropOff")
    watch_seconds: int
    last_watched_at: datetime | None
    questions_asked: int
    question_askers: int
    retention: list[RetentionPoint]
    drop_off_points: list[DropOff]
    sections: list[Section]
    related_questions: list[RelatedQuestion]
    quizzes: list[QuizOfVideo]


# Fields that are left out stay, so there is no default; a title cannot be cleared.
VISIBLE = r"^[^\u0000]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000]*$"
Title = Annotated[
    str,
    AfterValidator(sendable),
    Field(min_length=1, max_length=200),
    WithJsonSchema({"type": "string", "minLength": 1, "maxLength": 200, "pattern": VISIBLE}),
]


class VideoChanges(Given):
    """What to change; fields that are left out stay as they are."""

    title: Title = Field(default_factory=str)
    description: Text | None = Field(default=None, max_length=5_000)
    category: Text | None = Field(default=None, max_length=80)
    tags: list[Annotated[Text, Field(max_length=40)]] | None = Field(default=None, max_length=20)
    difficulty_level: Literal["beginner", "intermediate", "advanced"] | None = None
    transcript: Text | None = Field(default=None, max_length=500_000)


class VideoOrder(Given):
    """Every video of the creator, in the new order."""

    video_ids: list[UUID] = Field(max_length=20_000, json_schema_extra=ALL_DIFFERENT)


class VideoDetails(Shape):
    """The details of a video that its creator can edit."""

    video_id: UUID = Field(alias="id")
    title: str
    description: str
    category: str | None
    tags: list[str]
    difficulty_level: str | None
    status: str


class Changed(Shape):
    figures_are_current: bool = Field(
        description="False: another refresh is running, and the figures follow within a minute."
    )
