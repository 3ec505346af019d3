"""Every pre-aggregated figure recalculated in plain Python over the source rows.

Written from the published definitions (queries/metrics.toml), not from the SQL: a loop over
all rows per figure, fractions instead of rounding. Slow and obvious on purpose.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.tenancy import tenant_tx
from tests.histories import NO_QUESTIONS, TOPICS

Record = dict[str, Any]
HALF_AN_HOUR = timedelta(minutes=30)
SOURCES = (
    "creators",
    "students",
    "videos",
    "video_editions",
    "video_progress",
    "watch_segments",
    "retention_points",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "quizzes",
    "quiz_questions",
    "question_editions",
    "quiz_attempts",
    "quiz_answers",
)


@dataclass(frozen=True)
class Sign:
    """Something a student did."""

    student_id: UUID
    at: datetime
    video_id: UUID | None = None
    seconds: int = 0


@dataclass(frozen=True)
class Question:
    """A message that asks something; `key` is whatever the message carries."""

    message_id: UUID
    session_id: UUID
    student_id: UUID
    video_id: UUID | None
    key: str
    topic: str
    content: str
    asked_at: datetime
    is_answered: bool
    rating: Fraction | None


@dataclass(frozen=True)
class Source:
    """All source rows of one creator, by table."""

    rows: dict[str, list[Record]]

    def __getitem__(self, table: str) -> list[Record]:
        return self.rows[table]

    @property
    def creator(self) -> Record:
        return self.rows["creators"][0]

    @property
    def students(self) -> list[Record]:
        return [student for student in self["students"] if student["deleted_at"] is None]

    @property
    def videos(self) -> list[Record]:
        return [video for video in self["videos"] if video["deleted_at"] is None]

    def of_students(self, table: str) -> list[Record]:
        """The table's rows of students who are not deleted."""
        here = {student["id"] for student in self.students}
        return [row for row in self[table] if row["student_id"] in here]

    def of_pair(self, table: str, student_id: UUID, video_id: UUID) -> list[Record]:
        """The table's rows of this student and this video, in their order."""
        if table not in self._by_pair:
            self._by_pair[table] = defaultdict(list)
            for row in self[table]:
                self._by_pair[table][row["student_id"], row["video_id"]].append(row)
        return self._by_pair[table].get((student_id, video_id), [])

    @cached_property
    def _by_pair(self) -> dict[str, defaultdict[tuple[UUID, UUID], list[Record]]]:
        """Table, then pair: scanning all rows for each pair would take minutes for a school."""
        return {}


def source(creator_id: UUID) -> Source:
    with tenant_tx(creator_id) as connection:
        return Source({table: all_rows(connection, table) for table in SOURCES})


def rows_of(creator_id: UUID, relation: str) -> list[Record]:
    """All rows of a table or view that this creator's transactions see."""
    with tenant_tx(creator_id) as connection:
        return all_rows(connection, relation)


def all_rows(connection: Connection, relation: str) -> list[Record]:
    return [dict(row) for row in connection.execute(text(f"select * from {relation}")).mappings()]


def signs_of_life(source: Source) -> list[Sign]:
    segments = source.of_students("watch_segments")
    progress = source.of_students("video_progress")
    return [
        *(Sign(s["student_id"], s["watched_at"], s["video_id"], s["end_second"] - s["start_second"]) for s in segments),
        *(Sign(p["student_id"], p["first_watched"], p["video_id"]) for p in progress),
        *(Sign(p["student_id"], p["last_watched"], p["video_id"]) for p in progress),
        *(Sign(e["student_id"], e["occurred_at"], e["video_id"]) for e in source.of_students("activity_events")),
        *(Sign(a["student_id"], a["completed_at"]) for a in source.of_students("quiz_attempts")),
        *(Sign(m["student_id"], m["created_at"]) for m in source.of_students("chat_messages") if m["role"] == "user"),
    ]


def mean_of_curve(source: Source, video_id: UUID) -> Fraction | None:
    """The mean of the straight lines from (0%, everyone) through the points, level after the last."""
    points = {
        _exact(point["position_percent"]): _exact(point["viewers_percent"])
        for point in source["retention_points"]
        if point["video_id"] == video_id
    }
    if not points:
        return None
    corners = [(Fraction(0), Fraction(100)), *sorted(points.items())]
    corners.append((Fraction(100), corners[-1][1]))
    return sum(((right - left) * (before + after) / 2 for (left, before), (right, after) in pairwise(corners))) / 100  # type: ignore[return-value]


def questions(source: Source, until: datetime | None = None) -> list[Question]:
    """Messages of students who are here that ask something; answered and rated by what follows in the conversation.

    `until`: what is said later counts nowhere.
    """
    said = [message for message in source["chat_messages"] if until is None or message["created_at"] <= until]
    here = {student["id"] for student in source.students}
    return [
        _question(message, _messages_after(said, message))
        for message in said
        if message["role"] == "user" and message["student_id"] in here and message["content"] not in NO_QUESTIONS
    ]


def _messages_after(said: list[Record], message: Record) -> list[Record]:
    same_session = [other for other in said if other["session_id"] == message["session_id"]]
    ordered = sorted(same_session, key=lambda other: other["sequence"])
    return ordered[ordered.index(message) + 1 :]


def _question(message: Record, following: list[Record]) -> Question:
    rating = message["helpful_rating"]
    if rating is None and following and following[0]["role"] == "assistant":
        rating = following[0]["helpful_rating"]
    return Question(
        message_id=message["id"],
        session_id=message["session_id"],
        student_id=message["student_id"],
        video_id=message["video_id"],
        key=message["question_key"],
        topic=TOPICS.get(message["content"], message["content"]),
        content=message["content"],
        asked_at=message["created_at"],
        is_answered=any(other["role"] == "assistant" for other in following),
        rating=None if rating is None else _exact(rating),
    )


def most_asked_questions(source: Source, until: datetime) -> list[Record]:
    """One row per topic that two students asked; `question_key` is whatever its messages carry."""
    asked = questions(source, until)
    topics = {topic: [question for question in asked if question.topic == topic] for topic in {q.topic for q in asked}}
    return [
        _topic_row(source, found) for found in topics.values() if len({question.student_id for question in found}) >= 2
    ]


def _topic_row(source: Source, found: list[Question]) -> Record:
    ratings = _known(question.rating for question in found)
    keys = {question.key for question in found}
    assert len(keys) == 1, f"one question, several keys: {[question.content for question in found]}"
    wordings = [question.content.strip() for question in found]
    return {
        "creator_id": source.creator["id"],
        "question_key": keys.pop(),
        "question": min(set(wordings), key=lambda wording: (-wordings.count(wording), wording.encode())),
        "ask_count": len(found),
        "unique_askers": len({question.student_id for question in found}),
        "answered_count": sum(question.is_answered for question in found),
        "avg_satisfaction": _ratio(sum(ratings), len(ratings)),
        "last_asked_at": max(question.asked_at for question in found),
    }


def _known(values: Iterable[Fraction | None]) -> list[Fraction]:
    return [value for value in values if value is not None]


def _ratio(part: float | Fraction, whole: int) -> float | None:
    return float(part / whole) if whole else None


def _exact(number: float) -> Fraction:
    """The decimal that the column holds, not the float nearest to it."""
    return Fraction(str(number))
