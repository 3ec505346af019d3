"""The tables that facts become rows of: keys, columns that facts tell, and what a row says before anybody did."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

Values = list[Any]  # of a row's columns, in the order of its relation
Told = Sequence[Any]  # the same, None for what is not said
Key = tuple[Any, ...]


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
