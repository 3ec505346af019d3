"""From a FutureLearn export to rows of the source tables.

Every id is derived from the creator and the platform's name for the thing, so the same export gives the
same rows again. A student is one person across course runs. Loaded into a course, a run shares the
videos and quizzes of the steps that another run of the course has too (`futurelearn_known`); everything
else belongs to its run. What a later export no longer mentions stays.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection

from database.bulk import upsert_rows
from database.importers.futurelearn_courses import Place
from database.importers.futurelearn_export import Enrolment, Export, Video, Visit
from database.importers.futurelearn_known import Known, NumberedAttempt, Stay, Watched, known, numbered, step_id
from database.importers.futurelearn_quizzes import Attempt, attempts
from database.importers.futurelearn_report import NoteProgress, TableReport
from database.importers.futurelearn_rows import Step

ROWS_PER_NOTE = 1_000
BY_ID = ("creator_id", "id")

TableRow = tuple[Any, ...]


@dataclass(frozen=True)
class TableRows:
    """Rows for one table, generated while they are written. `creator_id` comes first in each."""

    table: str
    columns: tuple[str, ...]
    rows: Callable[[], Iterator[TableRow]]
    key: tuple[str, ...] = BY_ID


def load(
    connection: Connection, creator_id: UUID, export: Export, place: Place | None, note_progress: NoteProgress
) -> tuple[TableReport, ...]:
    """Insert what is new, update what differs; one report per table, in the order of loading."""
    before = known(connection, creator_id, export, place)
    ids = _Ids(creator_id, export.course_run, before)
    tries = attempts(export.responses, export.questions)
    numbers = numbered(connection, creator_id, before.stays, [_numbered(ids, one) for one in tries]) if place else {}
    return tuple(_loaded(connection, rows, note_progress) for rows in table_rows(ids, export, tries, numbers))


def table_rows(ids: "_Ids", export: Export, tries: Sequence[Attempt], numbers: Mapping[UUID, int]) -> list[TableRows]:
    """The rows of every table that the export fills, parents before children."""
    in_course = ("course_id",) if ids.known.place else ()
    return [
        TableRows(
            "students",
            ("creator_id", "id", "external_id", "name", "created_at", "deleted_at"),
            lambda: _students(ids, export),
        ),
        *_enrolment_rows(ids, export),
        TableRows(
            "videos",
            ("creator_id", "id", "title", "duration_seconds", "position", "status", *in_course),
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
            ("creator_id", "id", "student_id", "kind", "occurred_at", *(("video_id",) if in_course else ())),
            lambda: _activity_events(ids, export),
        ),
        # Watched share and duration are omitted: the platform does not report them, so they stay NULL.
        TableRows(
            "video_progress",
            ("creator_id", "student_id", "video_id", "first_watched", "last_watched", "completed"),
            lambda: _video_progress(ids, export),
            key=("creator_id", "student_id", "video_id"),
        ),
        TableRows("quizzes", ("creator_id", "id", "title", "position", *in_course), lambda: _quizzes(ids, export)),
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
            lambda: _quiz_attempts(ids, tries, numbers),
        ),
        TableRows(
            "quiz_answers",
            ("creator_id", "attempt_id", "question_id", "answer", "is_correct"),
            lambda: _quiz_answers(ids, tries),
            key=("creator_id", "attempt_id", "question_id"),
        ),
    ]


def _enrolment_rows(ids: "_Ids", export: Export) -> list[TableRows]:
    """Without a course, the database enrols new students in the only run."""
    if ids.known.place is None:
        return []
    run_id = ids.known.place.run_id
    columns = ("creator_id", "student_id", "run_id", "enrolled_at", "ended_at")
    return [TableRows("enrolments", columns, lambda: _enrolments(ids, run_id, export), key=columns[:3])]


class _Ids:
    """The ids of one creator's things in one course run, and of those it shares with other runs of its course."""

    def __init__(self, creator_id: UUID, course_run: str, known: Known) -> None:
        self.creator_id = creator_id
        self.known = known
        self._run = course_run
        self.student = lru_cache(maxsize=None)(self._student)
        self.own = lru_cache(maxsize=None)(self._own)

    def _student(self, learner_id: str) -> UUID:
        return uuid5(self.creator_id, f"futurelearn student {learner_id}")

    def _own(self, kind: str, step: Step) -> UUID:
        return step_id(self.creator_id, self._run, kind, step)

    def of_step(self, kind: str, step: Step) -> UUID:
        return self.known.shared.get((kind, step)) or self.own(kind, step)

    def is_shared(self, kind: str, step: Step) -> bool:
        return (kind, step) in self.known.shared

    def course(self, of: UUID) -> tuple[UUID, ...]:
        """The course of a video or quiz, or the one it was moved to; none if the load is without a course."""
        return (self.known.courses.get(of, self.known.place.course_id),) if self.known.place else ()

    def question(self, quiz: Step, number: int) -> UUID:
        return uuid5(self.of_step("quiz", quiz), f"question {number}")

    def attempt(self, attempt: Attempt) -> UUID:
        return uuid5(self.own("quiz", attempt.quiz), f"attempt {attempt.number} of {attempt.learner_id}")

    def event(self, visit: Visit, kind: str, occurred_at: datetime) -> UUID:
        # With the instant: when a learner completes a step again, the earlier day stays in the history.
        return uuid5(self.own(kind, visit.step), f"{visit.learner_id} at {occurred_at.isoformat()}")


def _students(ids: _Ids, export: Export) -> Iterator[TableRow]:
    for student in export.students:
        student_id, name = ids.student(student.learner_id), f"Learner {student.learner_id[:8]}"
        stay = _stay(student, ids.known.stays.get(student_id))
        yield ids.creator_id, student_id, student.learner_id, name, stay.enrolled_at, stay.ended_at


def _stay(student: Enrolment, elsewhere: Stay | None) -> Stay:
    """From the start of the first run on; a learner who has left all of them is no longer a student."""
    if elsewhere is None:
        return Stay(student.enrolled_at, student.unenrolled_at)
    ends = (student.unenrolled_at, elsewhere.ended_at)
    ended_at = None if None in ends else max(end for end in ends if end)
    return Stay(min(student.enrolled_at, elsewhere.enrolled_at), ended_at)


def _enrolments(ids: _Ids, run_id: UUID, export: Export) -> Iterator[TableRow]:
    for student in export.students:
        ended_at = student.unenrolled_at and max(student.enrolled_at, student.unenrolled_at)
        yield ids.creator_id, ids.student(student.learner_id), run_id, student.enrolled_at, ended_at


def _videos(ids: _Ids, videos: Sequence[Video]) -> Iterator[TableRow]:
    for position, video in enumerate(videos, start=1):
        if not ids.is_shared("video", video.step):
            video_id = ids.of_step("video", video.step)
            described = (video.title, video.duration_seconds, position, "completed")
            yield ids.creator_id, video_id, *described, *ids.course(video_id)


def _retention_points(ids: _Ids, videos: Sequence[Video]) -> Iterator[TableRow]:
    for video in videos:
        if not ids.is_shared("video", video.step):
            for position_percent, viewers_percent in video.viewers_percent.items():
                yield ids.creator_id, ids.of_step("video", video.step), position_percent, viewers_percent


def _activity_events(ids: _Ids, export: Export) -> Iterator[TableRow]:
    """In a course, a visit counts where its video does; visits to other steps only count for the creator as a whole."""
    video_steps = {video.step for video in export.videos}
    for visit in export.visits:
        student_id = ids.student(visit.learner_id)
        video_id = ids.of_step("video", visit.step) if visit.step in video_steps else None
        of_video = (video_id,) if ids.known.place else ()
        for kind, at in (("step_visited", visit.first_visited_at), ("step_completed", visit.last_completed_at)):
            if at:
                yield ids.creator_id, ids.event(visit, kind, at), student_id, kind, at, *of_video


def _video_progress(ids: _Ids, export: Export) -> Iterator[TableRow]:
    video_steps = {video.step for video in export.videos}
    for visit in export.visits:
        if visit.step in video_steps:
            student_id, video_id = ids.student(visit.learner_id), ids.of_step("video", visit.step)
            yield (
                ids.creator_id,
                student_id,
                video_id,
                *_watched(visit).with_more(ids.known.progress.get((student_id, video_id))),
            )


def _watched(visit: Visit) -> Watched:
    last_watched = max(visit.first_visited_at, visit.last_completed_at or visit.first_visited_at)
    return Watched(visit.first_visited_at, last_watched, visit.last_completed_at is not None)


def _quizzes(ids: _Ids, export: Export) -> Iterator[TableRow]:
    quizzes = sorted({question.quiz for question in export.questions})
    for position, quiz in enumerate(quizzes, start=1):
        if not ids.is_shared("quiz", quiz):
            quiz_id = ids.of_step("quiz", quiz)
            yield ids.creator_id, quiz_id, f"Quiz {quiz}", position, *ids.course(quiz_id)


def _quiz_questions(ids: _Ids, export: Export) -> Iterator[TableRow]:
    for question in export.questions:
        question_id = ids.question(question.quiz, question.number)
        if not (ids.is_shared("quiz", question.quiz) and question_id in ids.known.questions):
            yield (
                ids.creator_id,
                question_id,
                ids.of_step("quiz", question.quiz),
                question.number,
                "multiple_choice" if question.is_multiple_choice else "fill_in_the_blank",
                f"Question {question.number} of quiz {question.quiz}",
            )


def _numbered(ids: _Ids, attempt: Attempt) -> NumberedAttempt:
    quiz_id = ids.of_step("quiz", attempt.quiz)
    return NumberedAttempt(
        ids.attempt(attempt), ids.student(attempt.learner_id), quiz_id, attempt.number, attempt.completed_at
    )


def _quiz_attempts(ids: _Ids, tries: Sequence[Attempt], numbers: Mapping[UUID, int]) -> Iterator[TableRow]:
    for attempt in tries:
        attempt_id = ids.attempt(attempt)
        yield (
            ids.creator_id,
            attempt_id,
            ids.of_step("quiz", attempt.quiz),
            ids.student(attempt.learner_id),
            numbers.get(attempt_id, attempt.number),
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
