"""How quizzes go: pass rates, quiz by quiz and over time, and what students struggle with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from queries.caching import cached_query
from queries.changes import change_percent, round_half_up
from queries.engagement import DATES, DAYS
from queries.periods import Period
from queries.question_analysis import HARD, WRONG_KEY, finding_in_words, flagged_questions

# Attempts that count: the student has not left, the quiz is not deleted.
ATTEMPTS = """
    attempts_that_count as (
        select quiz_attempts.*
        from quiz_attempts
        join students
            on
                students.creator_id = quiz_attempts.creator_id
                and students.id = quiz_attempts.student_id
                and students.deleted_at is null
        join quizzes
            on
                quizzes.creator_id = quiz_attempts.creator_id
                and quizzes.id = quiz_attempts.quiz_id
                and quizzes.deleted_at is null
        where quiz_attempts.creator_id = :creator_id
    )
"""

QUIZZES = f"""
    -- One row per quiz.
    with {ATTEMPTS},

    attempts_counted as (
        select
            quiz_id,
            count(*) as attempts,
            count(distinct student_id) as students,
            count(*) filter (where passed) as passed,
            count(*) filter (where attempt_number = 1) as first_attempts,
            count(*) filter (where attempt_number = 1 and passed) as first_passed,
            avg(score_percent) as mean_score_percent,
            avg(time_taken_seconds) as mean_time_seconds,
            max(score_percent) filter (where attempt_number = 1) as best_first_score_percent
        from attempts_that_count
        where {{chosen_attempts}}
        group by quiz_id
    ),

    questions_counted as (
        select
            quiz_id,
            count(*) as questions
        from quiz_questions
        where creator_id = :creator_id
        group by quiz_id
    )

    select
        quizzes.id as quiz_id,
        quizzes.title,
        quizzes.status,
        quizzes.position,
        videos.id as video_id,
        videos.title as video_title,
        coalesce(questions_counted.questions, 0) as questions,
        coalesce(attempts_counted.attempts, 0) as attempts,
        coalesce(attempts_counted.students, 0) as students,
        coalesce(attempts_counted.passed, 0) as passed,
        100.0 * attempts_counted.passed / attempts_counted.attempts as pass_rate_percent,
        100.0 * attempts_counted.first_passed / nullif(attempts_counted.first_attempts, 0) as first_pass_rate_percent,
        attempts_counted.mean_score_percent,
        attempts_counted.mean_time_seconds,
        attempts_counted.best_first_score_percent,
        coalesce(
            attempts_counted.attempts >= 5
            and 2 * (attempts_counted.attempts - attempts_counted.passed) > attempts_counted.attempts,
            false
        ) as is_struggling
    from quizzes
    left join videos
        on
            videos.creator_id = quizzes.creator_id
            and videos.id = quizzes.video_id
            and videos.deleted_at is null
    left join questions_counted on questions_counted.quiz_id = quizzes.id
    left join attempts_counted on attempts_counted.quiz_id = quizzes.id
    where
        quizzes.creator_id = :creator_id
        and quizzes.deleted_at is null
        and {{chosen_quizzes}}
    order by
        quizzes.position,
        quizzes.created_at,
        quizzes.id
"""

ALL_QUIZZES = QUIZZES.format(chosen_attempts="true", chosen_quizzes="true")
ONE_QUIZ = QUIZZES.format(chosen_attempts="quiz_id = :quiz_id", chosen_quizzes="quizzes.id = :quiz_id")

DAILY_RESULTS = f"""
    -- One row per local day of this period and of the one before it.
    with {DAYS},

    {ATTEMPTS},

    attempts_dated as (
        select
            (attempts_that_count.completed_at at time zone clock.timezone)::date as activity_date,
            attempts_that_count.passed
        from attempts_that_count
        cross join clock
        where attempts_that_count.completed_at >= clock.today - 2 * :days - 1
    )

    select
        days.activity_date,
        days.shown_at,
        days."window",
        count(attempts_dated.passed) as attempts,
        count(*) filter (where attempts_dated.passed) as passed
    from days
    left join attempts_dated on attempts_dated.activity_date = days.activity_date
    group by
        days.activity_date,
        days.shown_at,
        days."window"
    order by days.activity_date
"""

PERIOD_RESULTS = f"""
    -- One row: the attempts of this period and of the one before it.
    with {DAYS},

    {ATTEMPTS},

    attempts_placed as (
        select
            attempts_that_count.student_id,
            attempts_that_count.passed,
            attempts_that_count.score_percent,
            days."window"
        from attempts_that_count
        cross join clock
        join days on days.activity_date = (attempts_that_count.completed_at at time zone clock.timezone)::date
        where attempts_that_count.completed_at >= clock.today - 2 * :days - 1
    )

    select
        count(*) filter (where "window" = 'this') as attempts,
        count(*) filter (where "window" = 'previous') as attempts_before,
        count(*) filter (where "window" = 'this' and passed) as passed,
        count(*) filter (where "window" = 'previous' and passed) as passed_before,
        count(distinct student_id) filter (where "window" = 'this') as students,
        count(distinct student_id) filter (where "window" = 'previous') as students_before,
        avg(score_percent) filter (where "window" = 'this') as mean_score_percent,
        avg(score_percent) filter (where "window" = 'previous') as mean_score_percent_before
    from attempts_placed
"""

SCORES = f"""
    -- One row per ten percent of the score.
    with {ATTEMPTS},

    attempts_binned as (
        select
            least(floor(score_percent / 10) * 10, 90)::integer as score_from,
            attempt_number
        from attempts_that_count
        where quiz_id = :quiz_id
    )

    select
        bins.score_from,
        count(attempts_binned.attempt_number) filter (where attempts_binned.attempt_number = 1) as first_attempts,
        count(attempts_binned.attempt_number) filter (where attempts_binned.attempt_number > 1) as later_attempts
    from generate_series(0, 90, 10) as bins (score_from)
    left join attempts_binned on attempts_binned.score_from = bins.score_from
    group by bins.score_from
    order by bins.score_from
"""

STUDENTS_WITHOUT_A_PASS = f"""
    -- One row per student who tried the quiz and never passed it.
    with {ATTEMPTS}

    select
        students.id as student_id,
        students.name,
        count(*) as failed_attempts,
        max(attempts_that_count.score_percent) as best_score_percent,
        max(attempts_that_count.completed_at) as last_attempt_at
    from attempts_that_count
    join students
        on
            students.creator_id = attempts_that_count.creator_id
            and students.id = attempts_that_count.student_id
    where attempts_that_count.quiz_id = :quiz_id
    group by
        students.id,
        students.name
    having not bool_or(attempts_that_count.passed)
    order by
        count(*) desc,
        max(attempts_that_count.score_percent) asc,
        students.name asc,
        students.id asc
"""

MEASURES = [
    "pass_rate_percent",
    "first_pass_rate_percent",
    "mean_score_percent",
    "mean_time_seconds",
    "best_first_score_percent",
]


@dataclass(frozen=True)
class PeriodResults:
    """A period's attempts and those of the period before; a mean of nothing is None."""

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
    def pass_rate_change_percent(self) -> int | None:
        return change_percent(self.pass_rate_percent, self.pass_rate_percent_before)


@cached_query
def quizzes(creator_id: UUID) -> pd.DataFrame:
    """Every quiz that is not deleted, drafts included, in course order; figures over all attempts so far.

    One row per quiz: quiz_id, title, status (draft, published), position, video_id and video_title
    (missing: about no video, or a deleted one), questions, attempts, students, passed,
    pass_rate_percent, first_pass_rate_percent, mean_score_percent, mean_time_seconds,
    best_first_score_percent (NaN: no attempts, or not known), is_struggling.
    """
    return _measured(frame(creator_id, ALL_QUIZZES))


@cached_query
def quiz(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """The quiz as one row with the columns of `quizzes`; no row for an id that is not the creator's."""
    return _measured(frame(creator_id, ONE_QUIZ, quiz_id=quiz_id))


@cached_query
def period_results(creator_id: UUID, period: Period) -> PeriodResults:
    """Attempts completed on the local days of the period, and of the one before it."""
    return PeriodResults(**one_row(creator_id, PERIOD_RESULTS, days=period.days))


@cached_query
def daily_results(creator_id: UUID, period: Period) -> pd.DataFrame:
    """Attempts per local day of the period and of the one before it, oldest first, none missing.

    One row per day: activity_date, shown_at (the day of this period it stands beside), window
    ("this" or "previous"), attempts, passed.
    """
    return frame(creator_id, DAILY_RESULTS, dates=DATES, days=period.days)


@cached_query
def score_distribution(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """Attempts per ten percent of the score: score_from (0 to 90; the last includes 100), first_attempts,
    later_attempts. Ten rows, also for a quiz without attempts."""
    return frame(creator_id, SCORES, quiz_id=quiz_id)


@cached_query
def students_without_a_pass(creator_id: UUID, quiz_id: UUID) -> pd.DataFrame:
    """Who tried the quiz and never passed it, most failed attempts first.

    One row per student: student_id, name, failed_attempts, best_score_percent, last_attempt_at.
    """
    return frame(creator_id, STUDENTS_WITHOUT_A_PASS, dates=["last_attempt_at"], quiz_id=quiz_id)


def struggling_areas(of: pd.DataFrame) -> pd.DataFrame:
    """The quizzes that are failed more often than passed (from 5 attempts), worst first; takes `quizzes`."""
    return of[of["is_struggling"]].sort_values(["pass_rate_percent", "attempts"], ascending=[True, False])


def by_week(days: pd.DataFrame) -> pd.DataFrame:
    """The frame of `daily_results` with one row per week (Monday to Sunday) and window.

    The first and the last week hold only the days that belong to the window.
    """
    mondays = days["activity_date"] - pd.to_timedelta(days["activity_date"].dt.day_of_week, unit="D")
    weeks = days.assign(activity_date=mondays).groupby(["window", "activity_date"], as_index=False)
    return weeks[["attempts", "passed"]].sum().sort_values("activity_date", ignore_index=True)


def quiz_analytics(creator_id: UUID) -> dict[str, Any]:
    """Pass rates, struggling areas and conspicuous questions for programs, over all attempts so far.

    camelCase keys; rates are whole percent, None where there is no figure.
    """
    every, flagged = quizzes(creator_id), records(flagged_questions(creator_id))
    attempts, passed = int(every["attempts"].sum()), int(every["passed"].sum())
    return {
        "overall": {
            "attempts": attempts,
            "passed": passed,
            "passRate": round_half_up(100 * passed / attempts) if attempts else None,
        },
        "quizzes": [_quiz_response(row) for row in records(every)],
        "strugglingAreas": [_quiz_response(row) for row in records(struggling_areas(every))],
        "hardQuestions": [_question_response(row) for row in flagged if row["finding"] == HARD],
        "suspectedWrongKeys": [_question_response(row) for row in flagged if row["finding"] == WRONG_KEY],
    }


def _measured(rows: pd.DataFrame) -> pd.DataFrame:
    rows["is_struggling"] = rows["is_struggling"].astype(bool)
    return with_floats(rows, MEASURES)


def _quiz_response(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "quizId": str(row["quiz_id"]),
        "title": row["title"],
        "videoId": None if pd.isna(row["video_id"]) else str(row["video_id"]),
        "attempts": row["attempts"],
        "students": row["students"],
        "passRate": _whole(row["pass_rate_percent"]),
        "firstAttemptPassRate": _whole(row["first_pass_rate_percent"]),
        "avgScore": _whole(row["mean_score_percent"]),
        "avgTimeSeconds": _whole(row["mean_time_seconds"]),
    }


def _question_response(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "questionId": str(row["question_id"]),
        "quizId": str(row["quiz_id"]),
        "prompt": row["prompt"],
        "answers": row["answers"],
        "correctRate": _whole(row["correct_percent"]),
        "reason": finding_in_words(row),
    }


def _whole(value: float) -> int | None:
    return None if pd.isna(value) else round_half_up(value)
