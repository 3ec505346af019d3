"""Quiz results: pass rates, quiz by quiz and over time, and what students struggle with."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Any, ClassVar
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.changes import change_points
from queries.periods.compared_days import days_of_both, on_the_other_run
from queries.periods.period import Period
from queries.quizzes.question_analysis import HARD, WRONG_KEY, QuestionRow, finding_in_words, flagged_questions
from queries.quizzes.struggling import STRUGGLING
from rules.formatting import round_half_up

QUIZZES = sql("queries/quizzes/quizzes")
DAILY_RESULTS = sql("queries/quizzes/daily_results")
PERIOD_RESULTS = sql("queries/quizzes/period_results")
SCORES = sql("queries/quizzes/scores")
STUDENTS_WITHOUT_A_PASS = sql("queries/quizzes/students_without_a_pass")

COMPARED = ("attempts", "passed", "students", "mean_score_percent")
MEASURES = [
    "pass_rate_percent",
    "first_pass_rate_percent",
    "mean_score_percent",
    "mean_time_seconds",
    "best_first_score_percent",
]


@dataclass(frozen=True)
class PeriodResults:
    """A period's attempts and those of the compared period; means without attempts are None."""

    attempts: int
    attempts_before: int
    passed: int
    passed_before: int
    students: int
    students_before: int
    mean_score_percent: float | None
    mean_score_percent_before: float | None

    @property
    def pass_rate_percent(self) -> float | None:
        return 100 * self.passed / self.attempts if self.attempts else None

    @property
    def pass_rate_percent_before(self) -> float | None:
        return 100 * self.passed_before / self.attempts_before if self.attempts_before else None

    @property
    def pass_rate_change_points(self) -> int | None:
        return change_points(self.pass_rate_percent, self.pass_rate_percent_before)


@dataclass(frozen=True, slots=True)
class QuizRow:
    """One row per quiz; figures over all attempts, None where there is none."""

    quiz_id: UUID
    title: str
    status: str  # draft or published
    position: int
    video_id: UUID | None  # about no video, or a deleted one
    video_title: str | None
    questions: int
    attempts: int
    students: int
    passed: int
    pass_rate_percent: float | None
    first_pass_rate_percent: float | None
    mean_score_percent: float | None
    mean_time_seconds: float | None
    best_first_score_percent: float | None
    is_struggling: bool


@dataclass(frozen=True, slots=True)
class WithoutAPassRow:
    """One row per student who took a quiz and never passed it."""

    student_id: UUID
    name: str
    email: str | None
    failed_attempts: int
    best_score_percent: float
    last_attempt_at: datetime


@dataclass(frozen=True, slots=True)
class QuizResult:
    """What decides whether students struggle with a quiz: a part of `QuizRow`, and of the quizzes of one video."""

    takes_part: ClassVar = True
    quiz_id: UUID
    title: str
    attempts: int
    students: int
    passed: int
    is_struggling: bool


@cached_query
def quizzes(creator_id: UUID) -> Annotated[pd.DataFrame, QuizRow]:
    """Every quiz that is not deleted, drafts included, in course order; figures over all attempts."""
    return _measured(frame(creator_id, QUIZZES, quiz_id=None, **STRUGGLING))


@cached_query
def quiz(creator_id: UUID, quiz_id: UUID) -> Annotated[pd.DataFrame, QuizRow]:
    """The quiz as one row with the columns of `quizzes`; no row for an id that is not the creator's."""
    return _measured(frame(creator_id, QUIZZES, quiz_id=quiz_id, **STRUGGLING))


@cached_query
def period_results(creator_id: UUID, period: Period) -> PeriodResults:
    """Attempts completed on the local days of the period, and of the one it is compared with."""
    results = PeriodResults(**one_row(creator_id, PERIOD_RESULTS, **period.parameters))
    if not period.other_run:
        return results
    other = on_the_other_run(period, lambda days: one_row(creator_id, PERIOD_RESULTS, **days.parameters))
    return replace(results, **{f"{name}_before": other[name] for name in COMPARED})


@cached_query
def daily_results(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Attempts per local day of the period and of the one that it is compared with, which comes first.

    One row per day, none missing up to today: activity_date, shown_at (the day of this period it stands beside),
    window ("this" or "previous"), attempts, passed.
    """
    return days_of_both(creator_id, DAILY_RESULTS, period)


@cached_query
def score_distribution(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """Attempts per ten percent of the score: score_from (0 to 90; the last includes 100), first_attempts,
    later_attempts. Ten rows, also for a quiz without attempts."""
    return frame(creator_id, SCORES, quiz_id=quiz_id)


@cached_query
def students_without_a_pass(creator_id: UUID, quiz_id: UUID) -> Annotated[pd.DataFrame, WithoutAPassRow]:
    """Who took the quiz and never passed it, most failed attempts first."""
    found = frame(creator_id, STUDENTS_WITHOUT_A_PASS, dates=["last_attempt_at"], quiz_id=quiz_id)
    return with_floats(found, ["best_score_percent"])


def struggling_areas(of: pd.DataFrame) -> pd.DataFrame:
    """The quizzes that are failed more often than passed (from 5 attempts), worst first; takes `quizzes`."""
    return of[of["is_struggling"].astype(bool)].sort_values(["pass_rate_percent", "attempts"], ascending=[True, False])


def by_week(days: pd.DataFrame) -> pd.DataFrame:
    """The frame of `daily_results` with one row per week (Monday to Sunday) and window.

    The first and the last week hold only the days that belong to the window.
    """
    mondays = days["activity_date"] - pd.to_timedelta(days["activity_date"].dt.day_of_week, unit="D")
    weeks = days.assign(activity_date=mondays).groupby(["window", "activity_date"], as_index=False)
    return weeks[["attempts", "passed"]].sum().sort_values("activity_date", ignore_index=True)


def quiz_analytics(creator_id: UUID) -> dict[str, Any]:
    """Pass rates, struggling areas and questions that stand out for programs, over all attempts.

    camelCase keys; rates are whole percent, None where there is no figure.
    """
    every, flagged = quizzes(creator_id), records(flagged_questions(creator_id), QuestionRow)
    attempts, passed = int(every["attempts"].sum()), int(every["passed"].sum())
    return {
        "overall": {
            "attempts": attempts,
            "passed": passed,
            "passRate": round_half_up(100 * passed / attempts) if attempts else None,
        },
        "quizzes": [_quiz_response(row) for row in records(every, QuizRow)],
        "strugglingAreas": [_quiz_response(row) for row in records(struggling_areas(every), QuizRow)],
        "hardQuestions": [_question_response(row) for row in flagged if row.finding == HARD],
        "suspectedWrongKeys": [_question_response(row) for row in flagged if row.finding == WRONG_KEY],
    }


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    rows["is_struggling"] = rows["is_struggling"].astype(bool)
    return with_floats(rows, MEASURES)


def _quiz_response(row: QuizRow) -> dict[str, Any]:
    return {
        "quizId": str(row.quiz_id),
        "title": row.title,
        "videoId": None if row.video_id is None else str(row.video_id),
        "attempts": row.attempts,
        "students": row.students,
        "passRate": _whole(row.pass_rate_percent),
        "firstAttemptPassRate": _whole(row.first_pass_rate_percent),
        "avgScore": _whole(row.mean_score_percent),
        "avgTimeSeconds": _whole(row.mean_time_seconds),
    }


def _question_response(row: QuestionRow) -> dict[str, Any]:
    return {
        "questionId": str(row.question_id),
        "quizId": str(row.quiz_id),
        "prompt": row.prompt,
        "answers": row.answers,
        "correctRate": _whole(row.correct_percent),
        "reason": finding_in_words(row),
    }


def _whole(value: float | None) -> int | None:
    return None if value is None else round_half_up(value)
