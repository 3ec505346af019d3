"""The types of events: the kinds of facts, with the field names that senders use.

An event says one fact. `id` is the event's own; students, courses, videos and the like are named by the ids that the
platform uses, under the name of their kind. Unknown fields are refused, so that typing mistakes are noticed.
"""

from datetime import datetime
from math import floor
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter
from pydantic.alias_generators import to_camel

from sources import facts
from sources.events.values import EventId, Id, Instant, Number, Rate, Second, Text, Whole, YesOrNo


class Event(BaseModel):
    """What all events have. `at` is when it happened by the sender's clock, for types that happen at an instant."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    id: EventId

    @property
    def happened(self) -> datetime | None:
        """The instant that the sender's clock said."""
        return getattr(self, "at", None)

    def fact(self, at: datetime | None) -> facts.Fact:
        """What it says; `at` is its instant by this server's clock."""
        raise NotImplementedError


class StudentEvent(Event):
    type: Literal["student"]
    student: Id
    name: Text | None = None
    email: Text | None = None
    created_at: Instant | None = None
    removed_at: Instant | None = None
    xp_points: Whole | None = None
    level: Whole | None = None
    streak_days: Whole | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Student(
            self.student,
            self.name,
            self.email,
            self.created_at,
            self.removed_at,
            self.xp_points,
            self.level,
            self.streak_days,
        )


class CourseEvent(Event):
    type: Literal["course"]
    course: Id
    title: Text | None = None
    position: Whole | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Course(self.course, self.title, self.position)


class RunEvent(Event):
    type: Literal["run"]
    run: Id
    course: Id
    title: Text | None = None
    starts_at: Instant | None = None
    ends_at: Instant | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Run(self.run, self.course, self.title, self.starts_at, self.ends_at)


class EnrolmentEvent(Event):
    type: Literal["enrolment"]
    student: Id
    course: Id
    run: Id | None = None
    at: Instant | None = None
    ended_at: Instant | None = None
    access_expires_at: Instant | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Enrolment(self.student, self.course, self.run, at, self.ended_at, self.access_expires_at)


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

    def fact(self, at: datetime | None) -> facts.Fact:
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

    def fact(self, at: datetime | None) -> facts.Fact:
        last = at or self.at
        first = min(self.first_watched or last, last)
        return facts.Progress(
            self.student, self.video, first, last, self.watched_seconds, self.watched_percent, self.completed
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

    def fact(self, at: datetime | None) -> facts.Fact:
        student = self.student or ""
        return facts.Segment(student, self.video, nearest(self.from_), nearest(self.to), at or self.at)


class CurveEvent(Event):
    """A point of a ready-made retention curve."""

    type: Literal["curve"]
    video: Id
    position_percent: Number
    viewers_percent: Number

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.CurvePoint(self.video, self.position_percent, self.viewers_percent)


class QuizEvent(Event):
    type: Literal["quiz"]
    quiz: Id
    title: Text | None = None
    course: Id | None = None
    video: Id | None = None
    position: Whole | None = None
    created_at: Instant | None = None
    removed_at: Instant | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Quiz(
            self.quiz, self.title, self.course, self.video, self.position, self.created_at, self.removed_at
        )


class QuestionEvent(Event):
    type: Literal["question"]
    question: Id
    quiz: Id
    prompt: Text | None = None
    options: tuple[Text, ...] | None = None
    correct_answer: Text | None = None
    position: Whole | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Question(self.question, self.quiz, self.prompt, self.options, self.correct_answer, self.position)


class AttemptEvent(Event):
    """A quiz that a student finished."""

    type: Literal["attempt"]
    quiz: Id
    student: Id
    at: Instant
    score_percent: Number
    passed: YesOrNo
    attempt: Id | None = None
    number: Whole | None = None
    time_taken_seconds: Whole | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Attempt(
            self.quiz,
            self.student,
            at or self.at,
            self.score_percent,
            self.passed,
            self.attempt,
            self.number,
            self.time_taken_seconds,
        )


class AnswerEvent(Event):
    type: Literal["answer"]
    quiz: Id
    question: Id
    student: Id
    at: Instant
    is_correct: YesOrNo
    answer: Text | None = None
    attempt: Id | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Answer(
            self.quiz, self.question, self.student, at or self.at, self.is_correct, self.answer, self.attempt
        )


class MessageEvent(Event):
    """A message to or from the assistant."""

    type: Literal["message"]
    message: Id
    student: Id
    role: Literal["user", "assistant"]
    content: Text
    at: Instant
    conversation: Id | None = None
    video: Id | None = None
    video_second: Whole | None = None
    helpful: Number | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Message(
            self.message,
            self.student,
            self.role,
            self.content,
            at or self.at,
            self.conversation,
            self.video,
            self.video_second,
            self.helpful,
        )


class ActivityEvent(Event):
    """Anything else that a student did; the event's id is the activity's."""

    type: Literal["activity"]
    student: Id
    kind: Text
    at: Instant
    video: Id | None = None

    def fact(self, at: datetime | None) -> facts.Fact:
        return facts.Activity(self.student, self.kind, at or self.at, self.video, self.id)


AnyEvent: TypeAlias = Annotated[
    StudentEvent
    | CourseEvent
    | RunEvent
    | EnrolmentEvent
    | VideoEvent
    | ProgressEvent
    | WatchedEvent
    | CurveEvent
    | QuizEvent
    | QuestionEvent
    | AttemptEvent
    | AnswerEvent
    | MessageEvent
    | ActivityEvent,
    Field(discriminator="type"),
]
EVENT: TypeAdapter[Any] = TypeAdapter(AnyEvent)


def nearest(second: float) -> int:
    """The whole second, halves up: where one stretch ends and the next begins, both are rounded alike."""
    return floor(second + 0.5)
