"""The figures of quizzes as cards."""

from typing import Any

import pandas as pd
import streamlit as st

from queries.changes import change_percent
from queries.definitions import help_for
from queries.quizzes import PeriodResults
from ui.cards import Card
from ui.quiz_words import minutes, percent


def period_cards(results: PeriodResults, trend: pd.DataFrame) -> list[Card]:
    """The period against the one before it; `trend` is `daily_results` or `by_week` of it."""
    this = trend[trend["window"] == "this"]
    rated = this[this["attempts"] > 0]
    of_period = help_for("quiz_period")
    return [
        Card(
            "Pass rate",
            ":material/task_alt:",
            percent(results.pass_rate_percent),
            results.pass_rate_change_percent,
            [float(rate) for rate in 100 * rated["passed"] / rated["attempts"]],
            f"{help_for('quiz_pass_rate')} {of_period}",
        ),
        Card(
            "Attempts",
            ":material/replay:",
            f"{results.attempts:,}",
            change_percent(results.attempts, results.attempts_before),
            [float(count) for count in this["attempts"]],
            of_period,
        ),
        Card(
            "Students",
            ":material/group:",
            f"{results.students:,}",
            change_percent(results.students, results.students_before),
            [],
            f"{help_for('quiz_students')} {of_period}",
        ),
        Card(
            "Mean score",
            ":material/percent:",
            percent(results.mean_score_percent),
            change_percent(results.mean_score_percent, results.mean_score_percent_before),
            [],
            f"{help_for('quiz_mean_score')} {of_period}",
        ),
    ]


def quiz_cards(quiz: dict[str, Any]) -> None:
    """One quiz over all attempts so far; takes a row of `quizzes`."""
    with st.grid(5, min_column_width=150):
        for title, value, name in (
            ("Pass rate", percent(quiz["pass_rate_percent"]), "quiz_pass_rate"),
            ("First attempt", percent(quiz["first_pass_rate_percent"]), "quiz_first_pass_rate"),
            ("Mean score", percent(quiz["mean_score_percent"]), "quiz_mean_score"),
            ("Mean time", minutes(quiz["mean_time_seconds"]), "quiz_mean_time"),
            ("Students", f"{quiz['students']:,}", "quiz_students"),
        ):
            st.metric(title, value, help=help_for(name), border=True)
