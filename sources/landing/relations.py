"""The tables that facts become rows of: keys, columns that facts tell, and what a row says before anybody did."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from hashlib import blake2b
from typing import Any
from uuid import UUID

Values = list[Any]  # of a row's columns, in the order of its relation
Told = Sequence[Any]  # the same, None for what is not said
Key = tuple[Any, ...]

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


@dataclass(frozen=True, eq=False)
class Column:
    """A column with its type; `merged` decides between what is known and what is said, which wins without it."""

    name: str
    type: str
    default: Any = None
    merged: Callable[[Any, Any], Any] | None = None


@dataclass(frozen=True, eq=False)
class Relation:
    """A table. `key` identifies its rows within a creator; `fixed` columns follow from the key and never change."""

    name: str
    key: tuple[Column, ...]
    columns: tuple[Column, ...]
    fixed: tuple[Column, ...] = ()

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @cached_property
    def merges(self) -> tuple[Callable[[Any, Any], Any] | None, ...]:
        return tuple(column.merged for column in self.columns)

    @cached_property
    def unsaid(self) -> Values:
        """The columns of a row that nothing was said about."""
        return [column.default for column in self.columns]

    @cached_property
    def nothing(self) -> tuple[None, ...]:
        return (None,) * len(self.columns)

    @cached_property
    def is_by_id(self) -> bool:
        return self.key is BY_ID

    def said(self, known: Sequence[Any], told: Told) -> Values:
        """The row after this was said of it."""
        values = list(known)
        if self is PROGRESS and told[1] is not None and known[1] is not None and told[1] < known[1]:
            told = (*told[:2], None, None, None)  # older than what is known
        for place, value in enumerate(told):
            if value is not None:
                merged = self.merges[place]
                known_value = values[place]
                values[place] = merged(known_value, value) if merged and known_value is not None else value
        if self is ENROLMENTS and values[3] and values[1] and values[0] and values[1] < values[0]:
            values[0] = values[1]  # nobody knows when it began, but it was not after its end
        return values


def key_text(relation: Relation, key: Key) -> str:
    """The key as `said_rows` has it: values with a stroke between them, instants in microseconds."""
    return "/".join(map(_part, key)) if not relation.is_by_id else str(key[0])


def key_of_text(relation: Relation, text: str) -> Key:
    """The key again."""
    return tuple(PARTS[column.type](part) for column, part in zip(relation.key, text.split("/"), strict=True))


def key_hash(relation: Relation, key: Key) -> int:
    """64 bits of a hash of the key."""
    if relation.is_by_id:
        return int(key[0].int & 0xFFFFFFFFFFFFFFFF)
    return int.from_bytes(blake2b(key_text(relation, key).encode(), digest_size=8).digest())


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def as_json(relation: Relation, told: Told, all_columns: bool = False) -> str:
    """What was said, without what was not; with all columns also their NULLs."""
    return json.dumps(
        {
            column.name: _written(value)
            for column, value in zip(relation.columns, told, strict=True)
            if value is not None or all_columns
        }
    )


def from_json(relation: Relation, told: Mapping[str, Any]) -> Values:
    """The same again; what is not there is None."""
    return [_read(column, told.get(column.name)) for column in relation.columns]


def _part(value: Any) -> str:
    return str(microseconds(value)) if isinstance(value, datetime) else str(value)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read(column: Column, value: Any) -> Any:
    return None if value is None else READERS.get(column.type, _unchanged)(value)


def _unchanged(value: Any) -> Any:
    return value


def instant_of(value: str) -> datetime:
    return datetime.fromisoformat(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "timestamptz": instant_of,
    "numeric": float,
    "text[]": tuple,
    "jsonb": tuple,
}
PARTS: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "timestamptz": lambda part: EPOCH + int(part) * MICROSECOND,
    "numeric": float,
    "integer": int,
    "text": str,
}

BY_ID = (Column("id", "uuid"),)


STUDENTS = Relation(
    "students",
    BY_ID,
    (
        Column("name", "text"),
        Column("email", "text"),
        Column("created_at", "timestamptz"),
        Column("deleted_at", "timestamptz"),
        Column("xp_points", "integer", 0),
        Column("level", "integer", 1),
        Column("streak_days", "integer", 0),
        Column("is_arrival_known", "boolean", False),
    ),
)
COURSES = Relation(
    "courses",
    BY_ID,
    (Column("external_id", "text"), Column("title", "text", ""), Column("position", "integer", 0)),
    fixed=(Column("number", "integer"),),
)
RUNS = Relation(
    "course_runs",
    BY_ID,
    (
        Column("external_id", "text"),
        Column("title", "text", ""),
        Column("starts_at", "timestamptz"),
        Column("ends_at", "timestamptz"),
    ),
    fixed=(Column("course_id", "uuid"), Column("number", "integer")),
)
ENROLMENTS = Relation(
    "enrolments",
    (Column("student_id", "uuid"), Column("run_id", "uuid")),
    (
        Column("enrolled_at", "timestamptz"),
        Column("ended_at", "timestamptz"),
        Column("access_expires_at", "timestamptz"),
        Column("follows_arrival", "boolean", True),
    ),
)
VIDEOS = Relation(
    "videos",
    BY_ID,
    (
        Column("title", "text"),
        Column("course_id", "uuid"),
        Column("duration_seconds", "integer"),
        Column("position", "integer", 0),
        Column("description", "text", ""),
        Column("category", "text"),
        Column("tags", "text[]", ()),
        Column("difficulty_level", "text"),
        Column("transcript", "text"),
        Column("created_at", "timestamptz"),
        Column("deleted_at", "timestamptz"),
        Column("status", "text", "completed"),
    ),
)
PROGRESS = Relation(
    "video_progress",
    (Column("student_id", "uuid"), Column("video_id", "uuid")),
    (
        Column("first_watched", "timestamptz", merged=min),
        Column("last_watched", "timestamptz", merged=max),
        Column("watch_duration", "integer"),
        Column("watch_percentage", "numeric"),
        Column("completed", "boolean", False),
    ),
)
SEGMENTS = Relation(
    "watch_segments",
    (
        Column("student_id", "uuid"),
        Column("video_id", "uuid"),
        Column("watched_at", "timestamptz"),
        Column("start_second", "integer"),
    ),
    (Column("end_second", "integer", merged=max),),
)
CURVES = Relation(
    "retention_points",
    (Column("video_id", "uuid"), Column("position_percent", "numeric")),
    (Column("viewers_percent", "numeric"),),
)
EVENTS = Relation(
    "activity_events",
    BY_ID,
    (
        Column("student_id", "uuid"),
        Column("video_id", "uuid"),
        Column("kind", "text"),
        Column("occurred_at", "timestamptz"),
    ),
)
MESSAGES = Relation(
    "chat_messages",
    BY_ID,
    (
        Column("session_id", "uuid"),
        Column("student_id", "uuid"),
        Column("video_id", "uuid"),
        Column("video_second", "integer"),
        Column("role", "text"),
        Column("content", "text"),
        Column("helpful_rating", "numeric"),
        Column("created_at", "timestamptz"),
    ),
)
QUIZZES = Relation(
    "quizzes",
    BY_ID,
    (
        Column("title", "text"),
        Column("course_id", "uuid"),
        Column("video_id", "uuid"),
        Column("position", "integer", 0),
        Column("created_at", "timestamptz"),
        Column("deleted_at", "timestamptz"),
    ),
)
QUESTIONS = Relation(
    "quiz_questions",
    BY_ID,
    (
        Column("prompt", "text"),
        Column("kind", "text", "fill_in_the_blank"),
        Column("options", "jsonb", ()),
        Column("correct_answer", "text"),
        Column("position", "integer", 0),
    ),
    fixed=(Column("quiz_id", "uuid"),),
)
ATTEMPTS = Relation(
    "quiz_attempts",
    BY_ID,
    (
        Column("completed_at", "timestamptz"),
        Column("score_percent", "numeric", 0.0),
        Column("passed", "boolean", False),
        Column("time_taken_seconds", "integer"),
        Column("given_number", "integer"),
        Column("is_of_answers", "boolean", True),
    ),
    fixed=(Column("quiz_id", "uuid"), Column("student_id", "uuid")),
)
ANSWERS = Relation(
    "quiz_answers",
    (Column("attempt_id", "uuid"), Column("question_id", "uuid")),
    (Column("answer", "text"), Column("is_correct", "boolean"), Column("answered_at", "timestamptz")),
)

# Parents before children: what refers to a row comes after it.
RELATIONS = (
    COURSES,
    RUNS,
    STUDENTS,
    ENROLMENTS,
    VIDEOS,
    PROGRESS,
    SEGMENTS,
    CURVES,
    EVENTS,
    MESSAGES,
    QUIZZES,
    QUESTIONS,
    ATTEMPTS,
    ANSWERS,
)
BY_NAME = {relation.name: relation for relation in RELATIONS}
