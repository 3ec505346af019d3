"""The figures of quizzes as cards."""

import pandas as pd
import streamlit as st

from queries.definitions import help_for
from queries.periods.changes import change_percent, change_points
from queries.quizzes.results import PeriodResults, QuizRow
from rules.formatting import grouped, percent
from ui.overview.cards import Card
from ui.quizzes.sentences import minutes


def period_cards(results: PeriodResults, trend: pd.DataFrame, whole: PeriodResults | None) -> list[Card]:
    """The figures of the period and their changes; `trend` is `daily_results` or `by_week` of it.

    `whole` are the results of the days that have ended, used for changes (None: no day has).
    """
    of_period = help_for("quiz_period")
    return [
        *_pass_rate_and_attempts(results, trend, whole, of_period),
        Card(
            "Students",
            ":material/group:",
            grouped(results.students),
            change_percent(whole.students, whole.students_before) if whole else None,
            [],
            f"{help_for('quiz_students')} {of_period}",
        ),
        Card(
            "Mean score",
            ":material/percent:",
            percent(results.mean_score_percent),
            change_points(whole.mean_score_percent, whole.mean_score_percent_before) if whole else None,
            [],
            f"{help_for('quiz_mean_score')} {of_period}",
            "points",
        ),
    ]


def _pass_rate_and_attempts(
    results: PeriodResults, trend: pd.DataFrame, whole: PeriodResults | None, of_period: str
) -> list[Card]:
    """Those with a line of the days or weeks."""
    this = trend[trend["window"] == "this"]
    rated = this[this["attempts"] > 0]
    return [
        Card(
            "Pass rate",
            ":material/task_alt:",
            percent(results.pass_rate_percent),
            whole.pass_rate_change_points if whole else None,
            [float(rate) for rate in 100 * rated["passed"] / rated["attempts"]],
            f"{help_for('quiz_pass_rate')} {of_period}",
            "points",
        ),
        Card(
            "Attempts",
            ":material/replay:",
            grouped(results.attempts),
            change_percent(whole.attempts, whole.attempts_before) if whole else None,
            [float(count) for count in this["attempts"]],
            of_period,
        ),
    ]


def quiz_cards(quiz: QuizRow) -> None:
    """One quiz over all attempts; takes a row of `quizzes`."""
    with st.grid(5, min_column_width=150):
        for title, value, name in (
            ("Pass rate", percent(quiz.pass_rate_percent), "quiz_pass_rate"),
            ("First attempt", percent(quiz.first_pass_rate_percent), "quiz_first_pass_rate"),
            ("Mean score", percent(quiz.mean_score_percent), "quiz_mean_score"),
            ("Mean time", minutes(quiz.mean_time_seconds), "quiz_mean_time"),
            ("Students", grouped(quiz.students), "quiz_students"),
        ):
            st.metric(title, value, help=help_for(name), border=True)
