"""All quizzes as a table, sorted as in the address; and the students who have not passed one."""

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from queries.definitions import help_for
from ui.navigation import quiz_page, student_page
from ui.quizzes.sentences import minutes
from ui.shared.filters import keep_in_address, take_from_address

OPENED_QUIZ, OPENED_STUDENT = "opened_quiz_row", "opened_student_row"
SORTS = {
    "position": ("Course order", []),
    "passRate": ("Pass rate", ["pass_rate_percent"]),
    "attempts": ("Attempts", ["attempts"]),
    "firstAttempt": ("First attempt", ["first_pass_rate_percent"]),
    "score": ("Mean score", ["mean_score_percent"]),
    "time": ("Mean time", ["mean_time_seconds"]),
    "title": ("Title", ["title"]),
}
ORDERS = {"asc": "Ascending", "desc": "Descending"}


def sorted_quizzes(quizzes: pd.DataFrame) -> pd.DataFrame:
    """`quizzes` in the chosen order (`?quiz_sort=passRate&quiz_order=asc`); quizzes without a figure come last."""
    with st.grid(2, min_column_width=140, width=340):
        chosen = _choice("Sort by", "quiz_sort", {key: label for key, (label, _) in SORTS.items()})
        order = _choice("Order", "quiz_order", ORDERS)
    columns = SORTS[chosen][1]
    if not columns:
        return quizzes if order == "asc" else quizzes.iloc[::-1].reset_index(drop=True)
    return quizzes.sort_values(columns, ascending=order == "asc", kind="stable", na_position="last", ignore_index=True)


def quiz_table(quizzes: pd.DataFrame, course_names: dict[UUID, str]) -> None:
    """Takes `queries.quizzes.results.quizzes` and `courses_of_contents`; a click on Open shows the quiz."""
    drafts = quizzes["status"] == "draft"
    table = pd.DataFrame(
        {
            "Quiz": quizzes["title"].where(~drafts, quizzes["title"] + " (draft)"),
            "Open": "Open",
            "Pass rate": quizzes["pass_rate_percent"].round(),
            "First attempt": quizzes["first_pass_rate_percent"].round(),
            "Attempts": quizzes["attempts"],
            "Students": quizzes["students"],
            "Mean score": quizzes["mean_score_percent"].round(),
            "Best first attempt": quizzes["best_first_score_percent"].round(),
            "Mean time": quizzes["mean_time_seconds"].map(minutes),
            "Video": quizzes["video_title"],
        }
    )
    if course_names:
        table.insert(2, "Course", quizzes["quiz_id"].map(course_names))
    st.dataframe(
        table,
        hide_index=True,
        height="content",
        column_config={
            "Quiz": st.column_config.TextColumn(width=240),
            "Open": st.column_config.ButtonColumn("Quiz page", key=OPENED_QUIZ, type="tertiary"),
            "Pass rate": _bar("quiz_pass_rate"),
            "First attempt": _percent("quiz_first_pass_rate"),
            "Students": st.column_config.NumberColumn(help=help_for("quiz_students")),
            "Mean score": _percent("quiz_mean_score"),
            "Best first attempt": _percent("quiz_best_first_score"),
            "Mean time": st.column_config.TextColumn(help=help_for("quiz_mean_time"), alignment="right"),
        },
        placeholder="-",
        alt="Quizzes with attempts, students, pass rate, scores and time",
    )
    clicked = st.session_state.get(OPENED_QUIZ)
    if clicked:
        st.switch_page(quiz_page(), query_params={"id": str(quizzes["quiz_id"].iloc[clicked["row"]])})


def not_passed_table(students: pd.DataFrame, timezone: str) -> None:
    """Takes `queries.quizzes.results.students_without_a_pass`; a click on Open shows the profile."""
    table = pd.DataFrame(
        {
            "Student": students["name"],
            "Open": "Open",
            "Failed attempts": students["failed_attempts"],
            "Best score": students["best_score_percent"].round(),
            "Last attempt": students["last_attempt_at"].dt.tz_convert(timezone).dt.tz_localize(None),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= 10 else 390,
        column_config={
            "Open": st.column_config.ButtonColumn("Profile", key=OPENED_STUDENT, type="tertiary"),
            "Best score": st.column_config.NumberColumn(format="%d%%"),
            "Last attempt": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt="Students who tried this quiz and have not passed it",
    )
    clicked = st.session_state.get(OPENED_STUDENT)
    if clicked:
        st.switch_page(student_page(), query_params={"id": str(students["student_id"].iloc[clicked["row"]])})


def _choice(label: str, key: str, labels: dict[str, str]) -> str:
    options = list(labels)
    take_from_address(key, options)
    chosen = st.selectbox(label, options, format_func=labels.__getitem__, key=key)
    keep_in_address(key, chosen, usual=options[0])
    return chosen


def _bar(name: str) -> Any:
    return st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d%%", help=help_for(name))


def _percent(name: str) -> Any:
    return st.column_config.NumberColumn(format="%d%%", help=help_for(name))
