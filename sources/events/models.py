"""The types of events: the kinds of facts, with the field names that senders use.

An event says one fact. `id` is the event's own; students, courses, videos and the like are named by the ids that the
platform uses, under the name of their kind. Unknown fields are refused, so that typing mistakes are noticed.
"""

from typing import Annotated, Any, TypeAlias

from pydantic import Field, TypeAdapter

from sources.events.learning import (
    ActivityEvent,
    AnswerEvent,
    AttemptEvent,
    CourseEvent,
    EnrolmentEvent,
    MessageEvent,
    QuestionEvent,
    QuizEvent,
    RunEvent,
    StudentEvent,
)
from sources.events.watching import CurveEvent, ProgressEvent, VideoEvent, WatchedEvent

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
