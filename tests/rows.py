"""One row of each source table, with defaults. Time is given in days before now, or as an instant."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from database.clock import now

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
DEFAULT = "the creator's first"


@dataclass(frozen=True, eq=False)
class Row:
    """The contents of a table's row, except the creator."""

    table: str
    values: dict[str, Any]

    @property
    def id(self) -> UUID:
        return self.values["id"]


Rows = Row | Iterable["Rows"]


def flat(rows: Rows) -> list[Row]:
    """The rows of any nesting of lists, in order."""
    if isinstance(rows, Row):
        return [rows]
    return [row for group in rows for row in flat(group)]


def instant(at: datetime | None = None, days_ago: float = 0) -> datetime:
    return at or now() - timedelta(days=days_ago)


def a_student(
    name: str = "Ada Moss",
    *,
    enrolled_days_ago: float = 30,
    deleted_days_ago: float | None = None,
    **columns: Any,
) -> Row:
    """A student; any column of the table may be given by name (`xp_points=120`)."""
    student_id = columns.get("id") or uuid4()
    defaults = {
        "id": student_id,
        "external_id": str(student_id),
        "name": name,
        "email": f"{name.split()[0].lower()}@example.org",
        "xp_points": 0,
        "level": 1,
        "streak_days": 0,
        "last_active": None,
        "created_at": instant(days_ago=enrolled_days_ago),
        "deleted_at": _deleted(deleted_days_ago),
    }
    return Row("students", defaults | columns)


def a_video(
    title: str = "Loops",
    *,
    status: str = "completed",
    created_days_ago: float = 60,
    deleted_days_ago: float | None = None,
    **columns: Any,
) -> Row:
    """A published video of ten minutes."""
    defaults = {
        "id": uuid4(),
        "title": title,
        "description": "",
        "category": None,
        "tags": [],
        "difficulty_level": None,
        "duration_seconds": 600,
        "position": 0,
        "status": status,
        "storage_key": None,
        "transcript": None,
        "transcript_times": None,
        "created_at": instant(days_ago=created_days_ago),
        "updated_at": instant(days_ago=created_days_ago),
        "deleted_at": _deleted(deleted_days_ago),
    }
    return Row("videos", defaults | columns)


def a_watch(
    student: Row | None = None,
    video: Row | None = None,
    *,
    at: datetime | None = None,
    days_ago: float = 0,
    start_second: int = 0,
    seconds: int = 60,
) -> list[Row]:
    """Some seconds played, and the progress that says when the video was first and last watched."""
    watched_at = instant(at, days_ago)
    return [
        a_segment(student, video, at=watched_at, start_second=start_second, seconds=seconds),
        a_progress(student, video, at=watched_at),
    ]


def a_segment(
    student: Row | None = None,
    video: Row | None = None,
    *,
    at: datetime | None = None,
    days_ago: float = 0,
    start_second: int = 0,
    seconds: int = 60,
) -> Row:
    """Some seconds played, and nothing else."""
    values = {
        "student_id": _id(student),
        "video_id": _id(video),
        "start_second": start_second,
        "end_second": start_second + seconds,
        "watched_at": instant(at, days_ago),
    }
    return Row("watch_segments", values)


def a_progress(
    student: Row | None = None,
    video: Row | None = None,
    *,
    at: datetime | None = None,
    days_ago: float = 0,
    first_at: datetime | None = None,
    first_days_ago: float | None = None,
    watch_duration: int | None = None,
    watch_percentage: float | None = None,
    completed: bool = False,
) -> Row:
    """A started video, last watched `at`; first watched then too unless specified."""
    last = instant(at, days_ago)
    first = first_at or (last if first_days_ago is None else instant(days_ago=first_days_ago))
    values = {
        "student_id": _id(student),
        "video_id": _id(video),
        "first_watched": first,
        "last_watched": last,
        "watch_duration": watch_duration,
        "watch_percentage": watch_percentage,
        "completed": completed,
    }
    return Row("video_progress", values)


def a_file(
    video: Row | None = None,
    *,
    edition: int = 2,
    at: datetime | None = None,
    days_ago: float = 0,
    duration_seconds: int | None = None,
) -> Row:
    """A file that replaced the video's file; for edition 1, what is known of it."""
    values = {
        "video_id": _id(video),
        "edition": edition,
        "began_at": instant(at, days_ago),
        "duration_seconds": duration_seconds,
    }
    return Row("video_editions", values)


def a_retention_curve(points: Mapping[float, float], video: Row | None = None) -> list[Row]:
    """Viewers left, in percent, at positions in percent: `{50: 80, 100: 40}`."""
    return [
        Row("retention_points", {"video_id": _id(video), "position_percent": position, "viewers_percent": viewers})
        for position, viewers in points.items()
    ]


def an_event(
    student: Row | None = None,
    *,
    kind: str = "login",
    video: Row | None = None,
    at: datetime | None = None,
    days_ago: float = 0,
) -> Row:
    """An activity that is neither watching, a quiz nor a question; about no video if none is given."""
    values = {
        "id": uuid4(),
        "student_id": _id(student),
        "video_id": video and video.id,
        "kind": kind,
        "occurred_at": instant(at, days_ago),
    }
    return Row("activity_events", values)


def a_quiz(title: str = "Loops quiz", *, video: Row | None = None, **columns: Any) -> Row:
    """A published quiz, about no video if none is given."""
    defaults = {
        "id": uuid4(),
        "video_id": video and video.id,
        "title": title,
        "position": 0,
        "status": "published",
        "created_at": instant(days_ago=60),
        "deleted_at": None,
    }
    return Row("quizzes", defaults | columns)


def a_quiz_question(quiz: Row | None = None, prompt: str = "How often does it run?", **columns: Any) -> Row:
    defaults = {
        "id": uuid4(),
        "quiz_id": _id(quiz),
        "position": 0,
        "kind": "multiple_choice",
        "prompt": prompt,
        "options": json.dumps(["never", "once", "ten times"]),
        "correct_answer": "ten times",
    }
    return Row("quiz_questions", defaults | columns)


def an_attempt(
    student: Row | None = None,
    quiz: Row | None = None,
    *,
    passed: bool = True,
    score_percent: float | None = None,
    attempt_number: int | None = None,
    time_taken_seconds: int | None = 120,
    at: datetime | None = None,
    days_ago: float = 0,
    answers: Mapping[Row, bool] | None = None,
) -> list[Row]:
    """An attempt, numbered in the order given, with its answers: `{question: was_correct}`."""
    attempt_id = uuid4()
    values = {
        "id": attempt_id,
        "quiz_id": _id(quiz),
        "student_id": _id(student),
        "attempt_number": attempt_number,
        "score_percent": (90 if passed else 40) if score_percent is None else score_percent,
        "passed": passed,
        "time_taken_seconds": time_taken_seconds,
        "completed_at": instant(at, days_ago),
    }
    return [Row("quiz_attempts", values), *_answers(attempt_id, answers or {})]


def a_question(text: str = "What is recursion?", *, rating: float | None = None, video: Row | None = None) -> Row:
    """A student's message, for use in `a_chat`."""
    return _message("user", text, rating, video)


def an_answer(text: str = "A call of itself.", *, rating: float | None = None, video: Row | None = None) -> Row:
    """The assistant's message, for use in `a_chat`."""
    return _message("assistant", text, rating, video)


def a_chat(
    *messages: Row,
    student: Row | None = None,
    at: datetime | None = None,
    days_ago: float = 0,
) -> list[Row]:
    """A conversation: the messages in order, one a minute; one question if none is given.

    Without an instant the last message is said now: what lies after the clock counts nowhere.
    """
    messages = messages or (a_question(),)
    started_at = instant(at, days_ago)
    if at is None and not days_ago:
        started_at -= timedelta(minutes=len(messages) - 1)
    session = {"id": uuid4(), "student_id": _id(student), "started_at": started_at}
    said = [
        Row(
            "chat_messages",
            message.values
            | {
                "session_id": session["id"],
                "student_id": session["student_id"],
                "created_at": started_at + timedelta(minutes=minute),
            },
        )
        for minute, message in enumerate(messages)
    ]
    return [Row("chat_sessions", session), *said]


def _message(role: str, text: str, rating: float | None, video: Row | None) -> Row:
    values = {
        "id": uuid4(),
        "video_id": video and video.id,
        "role": role,
        "content": text,
        "helpful_rating": rating,
    }
    return Row("chat_messages", values)


def _answers(attempt_id: UUID, answers: Mapping[Row, bool]) -> list[Row]:
    return [
        Row(
            "quiz_answers",
            {
                "attempt_id": attempt_id,
                "question_id": question.id,
                "answer": "ten times" if is_correct else "never",
                "is_correct": is_correct,
            },
        )
        for question, is_correct in answers.items()
    ]


def _deleted(days_ago: float | None) -> datetime | None:
    return None if days_ago is None else instant(days_ago=days_ago)


def _id(row: Row | None) -> UUID | str:
    return DEFAULT if row is None else row.id
