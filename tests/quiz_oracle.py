"""Folds and sums of quizzes recalculated in plain Python from the source rows; slow and obvious as tests/oracle.py."""

from collections.abc import Iterable
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from tests.oracle import Record, Source

EVERY = {"course": 0, "run": 0}


def dated_attempts(source: Source, now: datetime) -> list[Record]:
    return [
        EVERY
        | {column: attempt[column] for column in ("student_id", "quiz_id", "attempt_number", "completed_at", "passed")}
        | {
            "day": attempt["completed_at"].astimezone(ZoneInfo(source.creator["timezone"])).date(),
            "score_hundredths": hundredths(attempt["score_percent"]),
            "tenth": min(int(attempt["score_percent"] // 10), 9),
        }
        for attempt in attempts_that_count(source, now)
    ]


def quiz_takers(source: Source, now: datetime) -> list[Record]:
    """The days one by one, not as ranges."""
    return [
        EVERY | {"student_id": student_id, "days": sorted({row["day"] for row in rows})}
        for (student_id,), rows in _grouped(dated_attempts(source, now), "student_id").items()
    ]


def taken_quizzes(source: Source, now: datetime) -> list[Record]:
    live = live_quizzes(source)
    return [
        EVERY | {"student_id": student_id, "quiz_id": quiz_id, "is_counted": quiz_id in live} | _taken(attempts)
        for (student_id, quiz_id), attempts in _grouped(attempts_by_now(source, now), "student_id", "quiz_id").items()
    ]


def _taken(attempts: list[Record]) -> Record:
    scores = [hundredths(attempt["score_percent"]) for attempt in attempts]
    seconds = [attempt["time_taken_seconds"] for attempt in attempts if attempt["time_taken_seconds"] is not None]
    first = next((attempt for attempt in attempts if attempt["attempt_number"] == 1), None)
    return {
        "attempts": len(attempts),
        "passed": sum(attempt["passed"] for attempt in attempts),
        "first_score_hundredths": first and hundredths(first["score_percent"]),
        "first_passed": first and first["passed"],
        "best_score_hundredths": max(scores),
        "score_sum": sum(scores),
        "time_sum": sum(seconds),
        "time_count": len(seconds),
        "last_at": max(attempt["completed_at"] for attempt in attempts),
    }


def first_answers(source: Source, now: datetime) -> list[Record]:
    rows = []
    for attempt in attempts_that_count(source, now):
        given = _answers_of(source, attempt)
        if attempt["attempt_number"] == 1 and given:
            row = {
                "student_id": attempt["student_id"],
                "quiz_id": attempt["quiz_id"],
                "correct": sum(answer["is_correct"] for answer in given),
                "question_ids": [answer["question_id"] for answer in given],
                "editions": [edition_answered(source, answer, attempt) for answer in given],
                "answers": [answer["answer"] for answer in given],
                "are_correct": [answer["is_correct"] for answer in given],
            }
            rows.append(EVERY | row)
    return rows


def quiz_totals(source: Source, now: datetime) -> list[Record]:
    counted = [row for row in taken_quizzes(source, now) if row["is_counted"]]
    return [
        EVERY
        | {"quiz_id": quiz_id, "students": len(rows)}
        | {column: sum(row[column] for row in rows) for column in ("attempts", "passed")}
        | {"first_attempts": sum(row["first_passed"] is not None for row in rows)}
        | {"first_passed": sum(row["first_passed"] is True for row in rows)}
        | {column: sum(row[column] for row in rows) for column in ("score_sum", "time_sum", "time_count")}
        for (quiz_id,), rows in _grouped(counted, "quiz_id").items()
    ]


def quiz_scores(source: Source, now: datetime) -> list[Record]:
    return [
        EVERY
        | {
            "quiz_id": quiz_id,
            "tenth": tenth,
            "first_attempts": sum(row["attempt_number"] == 1 for row in rows),
            "later_attempts": sum(row["attempt_number"] > 1 for row in rows),
        }
        for (quiz_id, tenth), rows in _grouped(dated_attempts(source, now), "quiz_id", "tenth").items()
    ]


def question_results(source: Source, now: datetime) -> list[Record]:
    rows = []
    for (question_id, edition), given in _grouped(compared_answers(source, now), "question_id", "edition").items():
        rests = [answer["rest"] for answer in given if answer["rest"] is not None]
        of_right = [answer["rest"] for answer in given if answer["rest"] is not None and answer["is_correct"]]
        row = {
            "question_id": question_id,
            "edition": edition,
            "answers": len(given),
            "correct": sum(answer["is_correct"] for answer in given),
            "rest_count": len(rests),
            "rest_sum": sum(rests),
            "rest_square_sum": sum(rest * rest for rest in rests),
            "correct_rest_count": len(of_right),
            "correct_rest_sum": sum(of_right),
        }
        rows.append(EVERY | row)
    return rows


def question_answers(source: Source, now: datetime) -> list[Record]:
    """Without `answer_key`, which says the same as the answer."""
    rows = []
    grouped = _grouped(compared_answers(source, now), "question_id", "edition", "answer")
    for (question_id, edition, answer), given in grouped.items():
        of_wrong = [one["rest"] for one in given if one["rest"] is not None and not one["is_correct"]]
        row = {
            "question_id": question_id,
            "edition": edition,
            "answer": answer,
            "students": len(given),
            "correct": sum(one["is_correct"] for one in given),
            "wrong_rest_count": len(of_wrong),
            "wrong_rest_sum": sum(of_wrong),
        }
        rows.append(EVERY | row)
    return rows


def compared_answers(source: Source, now: datetime) -> list[Record]:
    """Answers of first attempts, each with the share of the others that were right, in 1/100 percent."""
    rows = []
    for row in first_answers(source, now):
        given = zip(row["question_ids"], row["editions"], row["answers"], row["are_correct"], strict=True)
        others = len(row["question_ids"]) - 1
        for question_id, edition, answer, is_correct in given:
            right = sum(row["are_correct"]) - is_correct
            rest = hundredths(Decimal(100 * right) / others) if others else None
            answer_row = {"question_id": question_id, "edition": edition, "answer": answer, "is_correct": is_correct}
            rows.append(answer_row | {"rest": rest})
    return rows


def student_totals(source: Source, now: datetime) -> list[Record]:
    """Including attempts at deleted quizzes: they are the student's own."""
    return [
        EVERY | {"student_id": student_id, "attempts": len(rows), "passed": sum(row["passed"] for row in rows)}
        for (student_id,), rows in _grouped(attempts_by_now(source, now), "student_id").items()
    ]


def course_totals(source: Source, now: datetime) -> Record:
    attempts = attempts_by_now(source, now)
    return EVERY | {"attempts": len(attempts), "passed": sum(attempt["passed"] for attempt in attempts)}


def days(source: Source, now: datetime) -> list[Record]:
    return [
        EVERY
        | {
            "day": day,
            "attempts": len(rows),
            "passed": sum(row["passed"] for row in rows),
            "score_sum": sum(row["score_hundredths"] for row in rows),
        }
        for (day,), rows in _grouped(dated_attempts(source, now), "day").items()
    ]


def attempts_by_now(source: Source, now: datetime) -> list[Record]:
    """Attempts of students who are here, completed by now."""
    return [attempt for attempt in source.of_students("quiz_attempts") if attempt["completed_at"] <= now]


def attempts_that_count(source: Source, now: datetime) -> list[Record]:
    live = live_quizzes(source)
    return [attempt for attempt in attempts_by_now(source, now) if attempt["quiz_id"] in live]


def live_quizzes(source: Source) -> set[UUID]:
    return {quiz["id"] for quiz in source["quizzes"] if quiz["deleted_at"] is None}


def edition_answered(source: Source, answer: Record, attempt: Record) -> int:
    """The edition that the platform names, otherwise the one in force when the attempt was completed."""
    if answer["edition"] is not None:
        return int(answer["edition"])
    (question,) = [row for row in source["quiz_questions"] if row["id"] == answer["question_id"]]
    begun = {
        row["edition"]: row["began_at"] for row in source["question_editions"] if row["question_id"] == question["id"]
    }
    begun[question["edition"]] = question["edition_began_at"]
    return max(edition for edition, at in begun.items() if at is None or at < attempt["completed_at"])


def _answers_of(source: Source, attempt: Record) -> list[Record]:
    given = [answer for answer in source["quiz_answers"] if answer["attempt_id"] == attempt["id"]]
    return sorted(given, key=lambda answer: answer["question_id"])


def hundredths(percent: Any) -> int:
    return int((Decimal(str(percent)) * 100).quantize(Decimal(1), ROUND_HALF_UP))


def _grouped(rows: Iterable[Record], *columns: str) -> dict[tuple[Any, ...], list[Record]]:
    groups: dict[tuple[Any, ...], list[Record]] = {}
    for row in rows:
        groups.setdefault(tuple(row[column] for column in columns), []).append(row)
    return groups
