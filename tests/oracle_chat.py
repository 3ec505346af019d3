"""Conversations and questions recalculated in plain Python over the source rows: their folds, and the sums over them.

Written from the published definitions, like `tests.oracle`; ratings are counted in hundredths.
"""

from collections import Counter
from datetime import datetime
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from tests.oracle import Question, Record, Source, questions

# What the chat adds to the sums that several folds share.
COUNTS = ("questions", "answered", "rating_sum", "rating_count")
OF_STUDENTS = ("chat_sessions", "chat_messages", *COUNTS)
OF_DAYS = (*COUNTS, "good_ratings", "bad_ratings")


def asked_questions(source: Source, now: datetime) -> list[Record]:
    return [
        {
            "creator_id": source.creator["id"],
            "session_id": question.session_id,
            "message_id": question.message_id,
            "student_id": question.student_id,
            "video_id": question.video_id,
            "question_key": question.key,
            "asked_at": question.asked_at,
            "is_answered": question.is_answered,
            "rating_hundredths": _hundredths(question),
            "wording": question.content.strip(" "),
        }
        for question in questions(source, now)
    ]


def conversations(source: Source, now: datetime) -> list[Record]:
    """One row per conversation and student in it; the student who began it is in it even without a message."""
    begun = {
        (session["id"], session["student_id"]): session["started_at"]
        for session in source.of_students("chat_sessions")
        if session["started_at"] <= now
    }
    said = Counter(
        (message["session_id"], message["student_id"])
        for message in source.of_students("chat_messages")
        if message["created_at"] <= now
    )
    return [
        {
            "creator_id": source.creator["id"],
            "session_id": session_id,
            "student_id": student_id,
            "started_at": begun.get((session_id, student_id)),
            "messages": said[session_id, student_id],
        }
        for session_id, student_id in {*begun, *said}
    ]


def question_totals(source: Source, now: datetime) -> list[Record]:
    return [
        {
            "creator_id": source.creator["id"],
            "question_key": key,
            "messages": len(asked),
            "people": len({question.student_id for question in asked}),
            **{name: count for name, count in _counts(asked).items() if name in COUNTS and name != "questions"},
        }
        for key, asked in _by(questions(source, now), lambda question: question.key).items()
    ]


def question_askers(source: Source, now: datetime) -> list[Record]:
    pairs = Counter((question.key, question.student_id) for question in questions(source, now))
    return [
        {"creator_id": source.creator["id"], "question_key": key, "student_id": student_id, "messages": count}
        for (key, student_id), count in pairs.items()
    ]


def question_wordings(source: Source, now: datetime) -> list[Record]:
    """Without `wording_key`, which only represents a wording in an index."""
    pairs = Counter((question.key, question.content.strip(" ")) for question in questions(source, now))
    return [
        {"creator_id": source.creator["id"], "question_key": key, "wording": wording, "messages": count}
        for (key, wording), count in pairs.items()
    ]


def student_totals(source: Source, now: datetime) -> dict[Any, Record]:
    """What the chat adds for each student who is here."""
    asked = _by(questions(source, now), lambda question: question.student_id)
    found = {}
    for student in source.students:
        theirs = [row for row in conversations(source, now) if row["student_id"] == student["id"]]
        counts = {
            "chat_sessions": sum(row["started_at"] is not None for row in theirs),
            "chat_messages": sum(row["messages"] for row in theirs),
        }
        found[student["id"]] = counts | _of(COUNTS, _counts(asked.get(student["id"], [])))
    return found


def course_totals(source: Source, now: datetime) -> Record:
    students = student_totals(source, now).values()
    return {name: sum(student[name] for student in students) for name in OF_STUDENTS}


def days(source: Source, now: datetime) -> dict[Any, Record]:
    zone = ZoneInfo(source.creator["timezone"])
    asked = _by(questions(source, now), lambda question: question.asked_at.astimezone(zone).date())
    return {day: _of(OF_DAYS, _counts(of_day)) for day, of_day in asked.items()}


def video_days(source: Source, now: datetime) -> dict[Any, Record]:
    zone = ZoneInfo(source.creator["timezone"])
    about = [question for question in questions(source, now) if question.video_id is not None]
    asked = _by(about, lambda question: (question.asked_at.astimezone(zone).date(), question.video_id))
    return {key: {"questions": len(of_key)} for key, of_key in asked.items()}


def _counts(asked: list[Question]) -> Record:
    ratings = [rating for question in asked if (rating := _hundredths(question)) is not None]
    return {
        "questions": len(asked),
        "answered": sum(question.is_answered for question in asked),
        "rating_sum": sum(ratings),
        "rating_count": len(ratings),
        "good_ratings": sum(rating >= 50 for rating in ratings),
        "bad_ratings": sum(rating < 50 for rating in ratings),
    }


def _hundredths(question: Question) -> int | None:
    """Halves go up, as in SQL."""
    return None if question.rating is None else int(question.rating * 100 + Fraction(1, 2))


def _of(names: tuple[str, ...], counts: Record) -> Record:
    return {name: counts[name] for name in names}


def _by(asked: list[Question], key: Any) -> dict[Any, list[Question]]:
    found: dict[Any, list[Question]] = {}
    for question in asked:
        found.setdefault(key(question), []).append(question)
    return found
