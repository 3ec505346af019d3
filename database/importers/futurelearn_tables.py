"""From a FutureLearn export to rows of the source tables.

Every id is made from the creator and what the platform calls the thing, so the same export gives the
same rows again. A student is one person across course runs; everything else belongs to its run.
What a later export no longer mentions stays.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from database.bulk import upsert_rows
from database.importers.futurelearn_export import Export, Video, Visit
from database.importers.futurelearn_quizzes import Attempt, attempts
from database.importers.futurelearn_report import NoteProgress, TableReport
from database.importers.futurelearn_rows import Step

ROWS_PER_NOTE = 1_000
BY_ID = ("creator_id", "id")

TableRow = tuple[Any, ...]


@dataclass(frozen=True)
class TableRows:
    """Rows for one table, made while they are written. `creator_id` comes first in each."""

    table: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[TableRow]]
    key: tuple[str, ...] = BY_ID


def load(
    connection: Connection, creator_id: UUID, export: Export, note_progress: NoteProgress
) -> tuple[TableReport, ...]:
    """Insert what is new, update what differs; one report per table, in the order of loading."""
    return tuple(_loaded(connection, rows, note_progress) for rows in table_rows(creator_id, export))


def table_rows(creator_id: UUID, export: Export) -> list[TableRows]:
    """The rows of every table that the export fills, parents before children."""
    ids = _Ids(creator_id, export.course_run)
    tries = attempts(export.responses, export.questions)
    return [
        TableRows(
            "students",
            ("creator_id", "id", "external_id", "name", "created_at", "deleted_at"),
            lambda: _students(ids, export),
        ),
        TableRows(
            "videos",
            ("creator_id", "id", "title", "duration_seconds", "position", "status"),
            lambda: _videos(ids, export.videos),
        ),
        TableRows(
            "retention_points",
            ("creator_id", "video_id", "position_percent", "viewers_percent"),
            lambda: _retention_points(ids, export.videos),
            key=("creator_id", "video_id", "position_percent"),
        ),
        TableRows(
            "activity_events",
            ("creator_id", "id", "student_id", "kind", "occurred_at"),
            lambda: _activity_events(ids, export.visits),
        ),
        # Watched share and duration are not named: the platform does not tell them, so they stay NULL.
        TableRows(
            "video_progress",
            ("creator_id", "student_id", "video_id", "first_watched", "last_watched", "completed"),
            lambda: _video_progress(ids, export),
            key=("creator_id", "student_id", "video_id"),
        ),
        TableRows("quizzes", ("creator_id", "id", "title", "position"), lambda: _quizzes(ids, export)),
        TableRows(
            "quiz_questions",
            ("creator_id", "id", "quiz_id", "position", "kind", "prompt"),
            lambda: _quiz_questions(ids, export),
        ),
        TableRows(
            "quiz_attempts",
            (
                "creator_id",
                "id",
                "quiz_id",
                "student_id",
                "attempt_number",
                "score_percent",
                "passed",
                "completed_at",
            ),
            lambda: _quiz_attempts(ids, tries),
        ),
        TableRows(
            "quiz_answers",
            ("creator_id", "attempt_id", "question_id", "answer", "is_correct"),
            lambda: _quiz_answers(ids, tries),
            key=("creator_id", "attempt_id", "question_id"),
        ),
    ]


class _Ids:
    """The ids of one creator's things in one course run."""

    def __init__(self, creator_id: UUID, course_run: str) -> None:
        self.creator_id = creator_id
        self._run = course_run
        self.student = lru_cache(maxsize=None)(self._student)
        self.of_step = lru_cache(maxsize=None)(self._of_step)

    def _student(self, learner_id: str) -> UUID:
        return uuid5(self.creator_id, f"futurelearn student {learner_id}")

    def _of_step(self, kind: str, step: Step) -> UUID:
        return uuid5(self.creator_id, f"futurelearn {self._run} {kind} {step}")

    def question(self, quiz: Step, number: int) -> UUID:
        return uuid5(self.of_step("quiz", quiz), f"question {number}")

    def attempt(self, attempt: Attempt) -> UUID:
        return uuid5(self.of_step("quiz", attempt.quiz), f"attempt {attempt.number} of {attempt.learner_id}")

    def event(self, visit: Visit, kind: str, occurred_at: datetime) -> UUID:
        # With the instant: when a learner completes a step anew, the earlier day stays in the history.
        return uuid5(self.of_step(kind, visit.step), f"{visit.learner_id} at {occurred_at.isoformat()}")


def _students(ids: _Ids, export: Export) -> Iterator[TableRow]:
    for student in export.students:
        learner_id, name = student.learner_id, f"Learner {student.learner_id[:8]}"
        yield (
            ids.creator_id,
            ids.student(learner_id),
            learner_id,
            name,
            student.enrolled_at,
            student.unenrolled_at,
        )


def _videos(ids: _Ids, videos: Sequence[Video]) -> Iterator[TableRow]:
    for position, video in enumerate(videos, start=1):
        yield (
            ids.creator_id,
            ids.of_step("video", video.step),
            video.title,
            video.duration_seconds,
            position,
            "completed",
        )


def _retention_points(ids: _Ids, videos: Sequence[Video]) -> Iterator[TableRow]:
    for video in videos:
        for position_percent, viewers_percent in video.viewers_percent.items():
            yield ids.creator_id, ids.of_step("video", video.step), position_percent, viewers_percent


def _activity_events(ids: _Ids, visits: Sequence[Visit]) -> Iterator[TableRow]:
    for visit in visits:
        student_id = ids.student(visit.learner_id)
        for kind, at in (("step_visited", visit.first_visited_at), ("step_completed", visit.last_completed_at)):
            if at:
                yield ids.creator_id, ids.event(visit, kind, at), student_id, kind, at


def _video_progress(ids: _Ids, export: Export) -> Iterator[TableRow]:
    video_steps = {video.step for video in export.videos}
    for visit in export.visits:
        if visit.step in video_steps:
            yield (
                ids.creator_id,
                ids.student(visit.learner_id),
                ids.of_step("video", visit.step),
                visit.first_visited_at,
                max(visit.first_visited_at, visit.last_completed_at or visit.first_visited_at),
                visit.last_completed_at is not None,
            )


def _quizzes(ids: _Ids, export: Export) -> Iterator[TableRow]:
    quizzes = sorted({question.quiz for question in export.questions})
    for position, quiz in enumerate(quizzes, start=1):
        yield ids.creator_id, ids.of_step("quiz", quiz), f"Quiz {quiz}", position


def _quiz_questions(ids: _Ids, export: Export) -> Iterator[TableRow]:
    for question in export.questions:
        yield (
            ids.creator_id,
            ids.question(question.quiz, question.number),
            ids.of_step("quiz", question.quiz),
            question.number,
            "multiple_choice" if question.is_multiple_choice else "fill_in_the_blank",
            f"Question {question.number} of quiz {question.quiz}",
        )


def _quiz_attempts(ids: _Ids, tries: Sequence[Attempt]) -> Iterator[TableRow]:
    for attempt in tries:
        yield (
            ids.creator_id,
            ids.attempt(attempt),
            ids.of_step("quiz", attempt.quiz),
            ids.student(attempt.learner_id),
            attempt.number,
            attempt.score_percent,
            attempt.passed,
            attempt.completed_at,
        )


def _quiz_answers(ids: _Ids, tries: Sequence[Attempt]) -> Iterator[TableRow]:
    for attempt in tries:
        attempt_id = ids.attempt(attempt)
        for given in attempt.responses:
            question_id = ids.question(attempt.quiz, given.question_number)
            yield ids.creator_id, attempt_id, question_id, given.answer, given.is_correct


def _loaded(connection: Connection, offered: TableRows, note_progress: NoteProgress) -> TableReport:
    total = sum(1 for _ in offered.rows())
    noted = _noted(offered.rows(), offered.table, total, note_progress)
    changed = upsert_rows(connection, offered.table, offered.columns, noted, offered.key)
    note_progress(offered.table, total, total)
    return TableReport(offered.table, total, changed)


def _noted(rows: Iterable[TableRow], table: str, total: int, note_progress: NoteProgress) -> Iterator[TableRow]:
    for number, row in enumerate(rows, start=1):
        if number % ROWS_PER_NOTE == 0:
            note_progress(table, number, total)
        yield row
