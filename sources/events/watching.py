"""Types of events about videos and who watched them."""

from typing import Literal

from pydantic import Field

from sources import facts
from sources.events.event import Event, nearest
from sources.events.values import EventId, Id, Instant, Number, Rate, Second, Text, Whole, YesOrNo


class VideoEvent(Event):
    type: Literal["video"]
    video: Id
    title: Text | None = None
    course: Id | None = None
    duration_seconds: Whole | None = None
    position: Whole | None = None
    description: Text | None = None
    category: Text | None = None
    tags: tuple[Text, ...] | None = None
    difficulty: Literal["beginner", "intermediate", "advanced"] | None = None
    transcript: Text | None = None
    created_at: Instant | None = None
    removed_at: Instant | None = None

    def fact(self) -> facts.Fact:
        return facts.Video(
            self.video,
            self.title,
            self.course,
            self.duration_seconds,
            self.position,
            self.description,
            self.category,
            self.tags,
            self.difficulty,
            self.transcript,
            self.created_at,
            self.removed_at,
        )


class ProgressEvent(Event):
    """`at` is when the student last watched."""

    type: Literal["progress"]
    student: Id
    video: Id
    at: Instant
    first_watched: Instant | None = None
    watched_seconds: Whole | None = None
    watched_percent: Number | None = None
    completed: YesOrNo | None = None

    def fact(self) -> facts.Fact:
        first = min(self.first_watched or self.at, self.at)
        return facts.Progress(
            self.student, self.video, first, self.at, self.watched_seconds, self.watched_percent, self.completed
        )


class WatchedEvent(Event):
    """A stretch of a video, played at one speed without a pause. `at` is when it began, `session` a visit to a player.

    `duration` is the video's length as the player knows it.
    """

    type: Literal["watched"]
    student: Id | None = None
    video: Id
    at: Instant
    from_: Second = Field(alias="from")
    to: Second
    rate: Rate = 1.0
    session: EventId | None = None
    seq: Whole | None = None
    duration: Second | None = None

    def fact(self) -> facts.Fact:
        student = self.student or ""
        return facts.Segment(student, self.video, nearest(self.from_), nearest(self.to), self.at)


class CurveEvent(Event):
    """A point of a ready-made retention curve."""

    type: Literal["curve"]
    video: Id
    position_percent: Number
    viewers_percent: Number

    def fact(self) -> facts.Fact:
        return facts.CurvePoint(self.video, self.position_percent, self.viewers_percent)
