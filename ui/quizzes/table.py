"""All quizzes as a table; and the students who have not passed one."""

from __future__ import annotations

from uuid import UUID

import pandas as pd

from database.frames import records
from queries.definitions import help_for
from queries.quizzes.results import QuizRow, WithoutAPassRow
from ui.quizzes.sentences import minutes
from ui.shared.links import quiz_link, student_link
from ui.shared.people import told_apart
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, bar, moment, named, number, share, words
from ui.table.table import Column, Row, whole_list

QUIZZES = ListAddress.of("quiz", Order("position"))
NOT_PASSED = ListAddress.of("not_passed", Order("failed", "desc"))
COLUMNS = (
    Column("position", "Course order", "unseen", "asc"),
    Column("title", "Quiz", "name", "asc"),
    Column("course", "Course"),
    Column("passRate", "Pass rate", "bar", "asc", help_for("quiz_pass_rate")),
    Column("firstAttempt", "First attempt", "number", "asc", help_for("quiz_first_pass_rate")),
    Column("attempts", "Attempts", "number", "desc"),
    Column("students", "Students", "number", "desc", help_for("quiz_students")),
    Column("score", "Mean score", "number", "asc", help_for("quiz_mean_score")),
    Column("best", "Best first attempt", "number", "desc", help_for("quiz_best_first_score")),
    Column("time", "Mean time", "number", "desc", help_for("quiz_mean_time")),
    Column("video", "Video", sorts="asc"),
)
FIELDS = {
    "title": "title",
    "passRate": "pass_rate_percent",
    "firstAttempt": "first_pass_rate_percent",
    "attempts": "attempts",
    "students": "students",
    "score": "mean_score_percent",
    "best": "best_first_score_percent",
    "time": "mean_time_seconds",
    "video": "video_title",
}
NOT_PASSED_COLUMNS = (
    Column("name", "Student", "name", "asc"),
    Column("failed", "Failed attempts", "number", "desc"),
    Column("best", "Best score", "number", "desc"),
    Column("last", "Last attempt", "time", "desc"),
)
NOT_PASSED_FIELDS = {
    "name": "name",
    "failed": "failed_attempts",
    "best": "best_score_percent",
    "last": "last_attempt_at",
}


def quiz_table(quizzes: pd.DataFrame, course_names: dict[UUID, str]) -> None:
    """Takes `queries.quizzes.results.quizzes`, and `courses_of_contents` if there are several courses."""
    columns = [column for column in COLUMNS if column.key != "course" or course_names]

    def described(part: pd.DataFrame) -> list[Row]:
        return [_quiz(row, columns, course_names) for row in records(part, QuizRow)]

    whole_list(QUIZZES, "Quizzes", columns, quizzes, described, FIELDS)


def not_passed_table(students: pd.DataFrame, timezone: str) -> None:
    """Takes `queries.quizzes.results.students_without_a_pass`; a name leads to the profile."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [_not_passed(row, timezone) for row in records(part, WithoutAPassRow)]

    caption = "Students who tried this quiz and have not passed it"
    whole_list(NOT_PASSED, caption, NOT_PASSED_COLUMNS, students, described, NOT_PASSED_FIELDS, page_size=5)


def _quiz(row: QuizRow, columns: list[Column], course_names: dict[UUID, str]) -> Row:
    cells: dict[str, Cell] = {
        "title": named(row.title, "Draft" if row.status == "draft" else None),
        "course": words(course_names.get(row.quiz_id)),
        "passRate": bar(row.pass_rate_percent, of_people=True),
        "firstAttempt": share(row.first_pass_rate_percent),
        "attempts": number(row.attempts),
        "students": number(row.students),
        "score": share(row.mean_score_percent),
        "best": share(row.best_first_score_percent),
        "time": None if row.mean_time_seconds is None else minutes(row.mean_time_seconds),
        "video": words(row.video_title),
    }
    shown = tuple(cells[column.key] for column in columns if column.key in cells)
    return Row(str(row.quiz_id), shown, quiz_link(row.quiz_id).href)


def _not_passed(row: WithoutAPassRow, timezone: str) -> Row:
    cells = (
        named(*told_apart(row.name, row.email, row.student_id)),
        number(row.failed_attempts),
        share(row.best_score_percent),
        moment(row.last_attempt_at, timezone),
    )
    return Row(str(row.student_id), cells, student_link(row.student_id).href)
