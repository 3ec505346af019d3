"""A creator's demo rows, read once and counted by plain Python."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from itertools import pairwise
from statistics import mean, pstdev
from typing import Any
from uuid import UUID

from database.demo.courses import Course, DemoSize
from database.demo.planted import Planted, planted
from tests.oracle import Record, rows_of

COURSE_TABLES = ("courses", "course_runs", "enrolments")
TABLES = (
    "students",
    "videos",
    "video_progress",
    "watch_segments",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "quizzes",
    "quiz_questions",
    "quiz_attempts",
    "quiz_answers",
)


@dataclass(frozen=True)
class Loaded:
    course: Course
    planted: Planted
    rows: dict[str, list[Record]]
    tiers: list[Record]
    most_asked: list[Record]

    def segments_of(self, video_id: UUID) -> dict[UUID, list[Record]]:
        """Segments of a video per student."""
        return grouped((s for s in self.rows["watch_segments"] if s["video_id"] == video_id), "student_id")

    @cached_property
    def signs_of_life(self) -> dict[UUID, list[datetime]]:
        """Instants per student, sorted."""
        at: dict[UUID, set[datetime]] = defaultdict(set)
        for table, columns in (
            ("watch_segments", ("watched_at",)),
            ("video_progress", ("first_watched", "last_watched")),
            ("activity_events", ("occurred_at",)),
            ("quiz_attempts", ("completed_at",)),
        ):
            for row in self.rows[table]:
                at[row["student_id"]].update(row[column] for column in columns)
        for message in self.questions:
            at[message["student_id"]].add(message["created_at"])
        return {student_id: sorted(instants) for student_id, instants in at.items()}

    @property
    def questions(self) -> list[Record]:
        return [message for message in self.rows["chat_messages"] if message["role"] == "user"]

    @cached_property
    def first_attempts(self) -> dict[UUID, dict[UUID, Record]]:
        """Answers of first attempts: attempt, then question."""
        first = {row["id"] for row in self.rows["quiz_attempts"] if row["attempt_number"] == 1}
        answers: dict[UUID, dict[UUID, Record]] = defaultdict(dict)
        for answer in self.rows["quiz_answers"]:
            if answer["attempt_id"] in first:
                answers[answer["attempt_id"]][answer["question_id"]] = answer
        return answers

    def first_answers(self, question_id: UUID) -> list[Record]:
        return [answers[question_id] for answers in self.first_attempts.values() if question_id in answers]

    def share_right(self, question_id: UUID) -> float:
        return mean(answer["is_correct"] for answer in self.first_answers(question_id))

    def discrimination(self, question_id: UUID) -> float:
        """Correlation of the answer with the number of right answers to the quiz's other questions."""
        attempts = [answers for answers in self.first_attempts.values() if question_id in answers]
        right = [float(answers[question_id]["is_correct"]) for answers in attempts]
        rest = [sum(a["is_correct"] for key, a in answers.items() if key != question_id) for answers in attempts]
        return correlation(right, [float(score) for score in rest])


def loaded(course: Course, size: DemoSize) -> Loaded:
    return Loaded(
        course=course,
        planted=planted(course, size),
        rows={table: rows_of(course.creator_id, table) for table in (*COURSE_TABLES, *TABLES)},
        tiers=rows_of(course.creator_id, "student_engagement_tiers"),
        most_asked=rows_of(course.creator_id, "most_asked_questions"),
    )


def grouped(rows: Any, column: str) -> dict[UUID, list[Record]]:
    groups: dict[UUID, list[Record]] = defaultdict(list)
    for row in rows:
        groups[row[column]].append(row)
    return groups


def by_id(rows: list[Record]) -> dict[UUID, Record]:
    return {row["id"]: row for row in rows}


def correlation(first: list[float], second: list[float]) -> float:
    products = mean(a * b for a, b in zip(first, second, strict=True))
    return (products - mean(first) * mean(second)) / (pstdev(first) * pstdev(second))


def longest_gap(instants: list[datetime]) -> timedelta:
    return max(later - earlier for earlier, later in pairwise(instants))
