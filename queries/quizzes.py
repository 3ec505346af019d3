"""How quizzes go: pass rates, quiz by quiz and over time, and what students struggle with."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from queries.caching import cached_query
from queries.changes import change_percent, round_half_up
from queries.engagement import DATES
from queries.periods import Period
from queries.question_analysis import HARD, WRONG_KEY, finding_in_words, flagged_questions
from queries.shown import SHOWN

QUIZZES = f"""
    -- One row per quiz.
    with {SHOWN},

    questions_counted as (
        select
            creator_id,
            quiz_id,
            count(*) as questions
        from quiz_questions
        where
            creator_id = :creator_id
            and {{chosen_questions}}
        group by
            creator_id,
            quiz_id
    )

    select
        quizzes.id as quiz_id,
        quizzes.title,
        quizzes.status,
        quizzes.position,
        videos.id as video_id,
        videos.title as video_title,
        coalesce(questions_counted.questions, 0) as questions,
        coalesce(quiz_totals.attempts, 0) as attempts,
        coalesce(quiz_totals.students, 0) as students,
        coalesce(quiz_totals.passed, 0) as passed,
        100.0 * quiz_totals.passed / quiz_totals.attempts as pass_rate_percent,
        100.0 * quiz_totals.first_passed / nullif(quiz_totals.first_attempts, 0) as first_pass_rate_percent,
        quiz_totals.score_sum / 100.0 / quiz_totals.attempts as mean_score_percent,
        1.0 * quiz_totals.time_sum / nullif(quiz_totals.time_count, 0) as mean_time_seconds,
        (
            select max(taken_quizzes.first_score_hundredths) / 100.0
            from taken_quizzes
            where
                taken_quizzes.creator_id = quiz_totals.creator_id
                and taken_quizzes.generation = quiz_totals.generation
                and taken_quizzes.course = quiz_totals.course
                and taken_quizzes.run = quiz_totals.run
                and taken_quizzes.quiz_id = quiz_totals.quiz_id
                and taken_quizzes.is_counted
                and taken_quizzes.first_score_hundredths is not null
        ) as best_first_score_percent,
        coalesce(
            quiz_totals.attempts >= 5
            and 2 * (quiz_totals.attempts - quiz_totals.passed) > quiz_totals.attempts,
            false
        ) as is_struggling
    from shown
    join quizzes on quizzes.creator_id = shown.creator_id
    left join videos
        on
            videos.creator_id = quizzes.creator_id
            and videos.id = quizzes.video_id
            and videos.deleted_at is null
    left join questions_counted
        on
            questions_counted.creator_id = quizzes.creator_id
            and questions_counted.quiz_id = quizzes.id
    left join quiz_totals
        on
            quiz_totals.creator_id = quizzes.creator_id
            and quiz_totals.generation = shown.generation
            and quiz_totals.course = 0
            and quiz_totals.run = 0
            and quiz_totals.quiz_id = quizzes.id
    where
        quizzes.deleted_at is null
        and {{chosen_quizzes}}
    order by
        quizzes.position,
        quizzes.created_at,
        quizzes.id
"""

ALL_QUIZZES = QUIZZES.format(chosen_questions="true", chosen_quizzes="true")
ONE_QUIZ = QUIZZES.format(chosen_questions="quiz_id = :quiz_id", chosen_quizzes="quizzes.id = :quiz_id")

# The attempts of each day of this period and of the one before it; of the clock's own day, those up to the clock.
RESULTS = f"""
    {SHOWN},

    bounds as materialized (
        select
            creator_id,
            generation,
            instant,
            today,
            today - 2 * :days + 1 as first_day_before,
            daterange(today - :days + 1, today) as days_until_today,
            daterange(today - 2 * :days + 1, today - :days + 1) as days_before
        from shown
    ),

    calendar as (
        select
            shown.creator_id,
            shown.today - series.days_ago as day,
            case when series.days_ago < :days then 'this' else 'previous' end as "window",
            shown.today - series.days_ago % :days as shown_at
        from shown
        cross join generate_series(0, 2 * :days - 1) as series (days_ago)
    ),

    results as (
        select
            days.creator_id,
            days.day,
            days.attempts,
            days.passed,
            days.score_sum
        from bounds
        join days
            on
                days.creator_id = bounds.creator_id
                and days.generation = bounds.generation
                and days.course = 0
                and days.run = 0
                and days.day >= bounds.first_day_before
                and days.day < bounds.today
        union all
        select
            dated_attempts.creator_id,
            dated_attempts.day,
            count(*),
            count(*) filter (where dated_attempts.passed),
            sum(dated_attempts.score_hundredths)
        from bounds
        join dated_attempts
            on
                dated_attempts.creator_id = bounds.creator_id
                and dated_attempts.generation = bounds.generation
                and dated_attempts.course = 0
                and dated_attempts.run = 0
                and dated_attempts.day = bounds.today
                and dated_attempts.completed_at <= bounds.instant
        group by
            dated_attempts.creator_id,
            dated_attempts.day
    )
"""

DAILY_RESULTS = f"""
    -- One row per local day of this period and of the one before it.
    with {RESULTS}

    select
        calendar.day as activity_date,
        calendar.shown_at,
        calendar."window",
        coalesce(results.attempts, 0) as attempts,
        coalesce(results.passed, 0) as passed
    from calendar
    left join results
        on
            results.creator_id = calendar.creator_id
            and results.day = calendar.day
    order by calendar.day
"""

PERIOD_RESULTS = f"""
    -- One row: the attempts of this period and of the one before it.
    with {RESULTS},

    students_counted as (
        select
            count(*) filter (where quiz_takers.days && bounds.days_until_today) as until_today,
            count(*) filter (where quiz_takers.days && bounds.days_before) as before
        from bounds
        join quiz_takers
            on
                quiz_takers.creator_id = bounds.creator_id
                and quiz_takers.generation = bounds.generation
                and quiz_takers.course = 0
                and quiz_takers.run = 0
    ),

    takers_of_today as materialized (
        select distinct
            dated_attempts.creator_id,
            dated_attempts.student_id
        from bounds
        join dated_attempts
            on
                dated_attempts.creator_id = bounds.creator_id
                and dated_attempts.generation = bounds.generation
                and dated_attempts.course = 0
                and dated_attempts.run = 0
                and dated_attempts.day = bounds.today
                and dated_attempts.completed_at <= bounds.instant
    ),

    students_of_today as (
        -- Those of the running day who were not counted on the days before it: each is looked up.
        select
            count(*) filter (
                where
                    not (
                        select quiz_takers.days && bounds.days_until_today
                        from quiz_takers
                        where
                            quiz_takers.creator_id = takers_of_today.creator_id
                            and quiz_takers.generation = bounds.generation
                            and quiz_takers.course = 0
                            and quiz_takers.run = 0
                            and quiz_takers.student_id = takers_of_today.student_id
                    )
            ) as students
        from bounds
        join takers_of_today on takers_of_today.creator_id = bounds.creator_id
    )

    select
        coalesce(sum(results.attempts) filter (where calendar."window" = 'this'), 0)::bigint as attempts,
        coalesce(sum(results.attempts) filter (where calendar."window" = 'previous'), 0)::bigint as attempts_before,
        coalesce(sum(results.passed) filter (where calendar."window" = 'this'), 0)::bigint as passed,
        coalesce(sum(results.passed) filter (where calendar."window" = 'previous'), 0)::bigint as passed_before,
        (select until_today from students_counted) + (select students from students_of_today) as students,
        (select before from students_counted) as students_before,
        sum(results.score_sum) filter (where calendar."window" = 'this') / 100.0
        / nullif(sum(results.attempts) filter (where calendar."window" = 'this'), 0) as mean_score_percent,
        sum(results.score_sum) filter (where calendar."window" = 'previous') / 100.0
        / nullif(sum(results.attempts) filter (where calendar."window" = 'previous'), 0) as mean_score_percent_before
    from calendar
    left join results
        on
            results.creator_id = calendar.creator_id
            and results.day = calendar.day
"""

SCORES = f"""
    -- One row per ten percent of the score.
    with {SHOWN}

    select
        bins.score_from,
        coalesce(quiz_scores.first_attempts, 0) as first_attempts,
        coalesce(quiz_scores.later_attempts, 0) as later_attempts
    from shown
    cross join generate_series(0, 90, 10) as bins (score_from)
    left join quiz_scores
        on
            quiz_scores.creator_id = shown.creator_id
            and quiz_scores.generation = shown.generation
            and quiz_scores.course = 0
            and quiz_scores.run = 0
            and quiz_scores.quiz_id = :quiz_id
            and quiz_scores.tenth = bins.score_from / 10
    order by bins.score_from
"""

STUDENTS_WITHOUT_A_PASS = f"""
    -- One row per student who tried the quiz and never passed it.
    with {SHOWN}

    select
        students.id as student_id,
        students.name,
        taken_quizzes.attempts as failed_attempts,
        taken_quizzes.best_score_hundredths / 100.0 as best_score_percent,
        taken_quizzes.last_at as last_attempt_at
    from shown
    join taken_quizzes
        on
            taken_quizzes.creator_id = shown.creator_id
            and taken_quizzes.generation = shown.generation
            and taken_quizzes.course = 0
            and taken_quizzes.run = 0
            and taken_quizzes.quiz_id = :quiz_id
            and taken_quizzes.is_counted
            and taken_quizzes.passed = 0
    join students
        on
            students.creator_id = taken_quizzes.creator_id
            and students.id = taken_quizzes.student_id
            and students.deleted_at is null
    order by
        taken_quizzes.attempts desc,
        taken_quizzes.best_score_hundredths asc,
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
    found = frame(creator_id, STUDENTS_WITHOUT_A_PASS, dates=["last_attempt_at"], quiz_id=quiz_id)
    return with_floats(found, ["best_score_percent"])


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
