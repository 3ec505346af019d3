"""The lower panels of a student's page: watching, quizzes, questions, and the timeline."""

from typing import Any

import pandas as pd
import streamlit as st

from charts.student import watched_strips
from database.frames import records
from queries.definitions import help_for
from queries.students.answers import FailedQuestionRow, StudentQuestionRow
from queries.students.details import StudentDetails
from queries.students.history import EVENTS_SHOWN, WATCHED_SHOWN, EventRow, WatchedVideoRow
from rules.formatting import counted, grouped, out_of, percent, timestamp
from ui.shared.drawing import show_chart
from ui.shared.links import show_link, video_link
from ui.shared.paging import page_choice
from ui.shared.text import plain
from ui.students.findings import (
    LONGEST_ANSWER,
    day,
    event_in_words,
    moment,
    seconds_played,
    shortened,
    watched_in_words,
)

WATCHED_PAGE, EVENTS_PAGE = "watched", "events"  # the names in the address
FAILED_SHOWN = 5
ASKED_SHOWN = 5
TABLE_ROWS, ROW_PIXELS = 8, 35  # rows that are visible without scrolling


def watch_panel(details: StudentDetails, timezone: str) -> None:
    """Which seconds of which video were played, last watched first."""
    watched = details.watched
    with st.container(border=True):
        st.header("Watch history", help=help_for("student_watch_history"))
        if not watched.total:
            st.markdown("No videos started yet. Playback appears here within a minute.")
            return
        show_chart(
            watched_strips,
            watched.rows,
            details.ranges,
            alt="For each video, the seconds that were played, darker where played again, and where they stopped; "
            "the list below says the same in words",
        )
        _videos(details, timezone)
        page_choice(WATCHED_PAGE, watched.total, WATCHED_SHOWN)


def quizzes_panel(details: StudentDetails, timezone: str) -> None:
    """Every attempt, newest first."""
    attempts = details.attempts
    with st.container(border=True):
        st.header("Quizzes", help=help_for("student_quizzes"))
        if attempts.empty:
            st.markdown("No quizzes taken yet.")
            return
        _attempts_table(attempts, timezone)
        if len(attempts) < details.student.quiz_attempts:
            st.caption(f"The latest {len(attempts)} of {grouped(details.student.quiz_attempts)} attempts.")


def wrong_answers_panel(details: StudentDetails) -> None:
    """The quiz questions they still answer wrong."""
    questions = details.failed_questions
    with st.container(border=True, height="stretch"):
        st.header("Questions answered wrong", help=help_for("questions_answered_wrong"))
        if questions.empty:
            st.markdown(
                "No wrong answers in the latest attempts are known."
                if len(details.attempts)
                else "Quiz questions appear here when one is answered wrong."
            )
        for question in records(questions.head(FAILED_SHOWN), FailedQuestionRow):
            _failed_question(question)
        _rest(len(questions) - FAILED_SHOWN, "question")


def questions_panel(details: StudentDetails, timezone: str) -> None:
    """What they asked in the chat, with the answer and its rating."""
    with st.container(border=True, height="stretch"):
        st.header("Questions in the chat", help=help_for("student_questions"))
        if details.questions.empty:
            st.markdown("No questions asked yet. They will appear here with the answers.")
        for question in records(details.questions.head(ASKED_SHOWN), StudentQuestionRow):
            _question(question, timezone)
        _rest(details.student.questions_asked - ASKED_SHOWN, "older question")


def timeline_panel(details: StudentDetails, timezone: str) -> None:
    """What happened when, newest first."""
    events = details.timeline
    with st.container(border=True):
        st.header("Timeline", help=help_for("student_timeline"))
        st.markdown("\n".join(f"- {event_in_words(event, timezone)}" for event in records(events.rows, EventRow)))
        page_choice(EVENTS_PAGE, events.total, EVENTS_SHOWN)


def _videos(details: StudentDetails, timezone: str) -> None:
    played, again = seconds_played(details.ranges), seconds_played(details.ranges, times=2)
    for number, video in enumerate(records(details.watched.rows, WatchedVideoRow), start=1):
        video_id, stopped = video.video_id, video.stopped_at_second
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_link(
                video_link(video_id, stopped),
                label=f"{number}. {plain(video.title)}",
                icon=":material/play_arrow:",
            )
            said = watched_in_words(video, played.get(video_id, 0), again.get(video_id, 0))
            st.markdown(f"{said} · last watched {day(video.last_watched, timezone)}")


def _attempts_table(attempts: pd.DataFrame, timezone: str) -> None:
    ending = attempts["is_deleted"].map({True: " (deleted)", False: ""})
    table = pd.DataFrame(
        {
            "Score": attempts["score_percent"],
            "Result": attempts["passed"].map({True: "Passed", False: "Failed"}),
            "Quiz": attempts["quiz_title"] + ending,
            "Attempt": attempts["attempt_number"],
            "Time": ["-" if pd.isna(taken) else timestamp(taken) for taken in attempts["time_taken_seconds"]],
            "When": attempts["completed_at"].dt.tz_convert(timezone).dt.tz_localize(None),
        }
    )
    st.dataframe(
        table,
        hide_index=True,
        height="content" if len(table) <= TABLE_ROWS else (TABLE_ROWS + 1) * ROW_PIXELS,
        column_config={
            "Score": st.column_config.ProgressColumn(min_value=0, max_value=100, format="%d%%", width=100),
            "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt="Quiz attempts, newest first, with score, result and time taken",
    )


def _failed_question(question: FailedQuestionRow) -> None:
    answer = "nothing" if question.answer is None else f"“{plain(shortened(question.answer))}”"
    right = question.correct_answer
    said = "" if right is None else f"; correct answer: “{plain(shortened(right))}”"
    times = f"wrong {out_of(question.wrong, question.times)} times"
    st.markdown(
        f"**{plain(shortened(question.prompt))}** · {times}  \n"
        f"Answered {answer}{said}. From “{plain(question.quiz_title)}”."
    )


def _question(question: StudentQuestionRow, timezone: str) -> None:
    about = "" if question.video_title is None else f" · about “{plain(question.video_title)}”"
    st.markdown(f"**{plain(shortened(question.question))}**  \n{moment(question.created_at, timezone)}{about}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if question.answer is None:
            st.badge("Unanswered", icon=":material/hourglass_empty:", color="orange")
            return
        if question.rating is not None:
            words, icon, colour = _rating(question.rating)
            st.badge(words, icon=icon, color=colour)
        st.caption(plain(shortened(question.answer, LONGEST_ANSWER)))


def _rating(rating: float) -> tuple[str, Any, Any]:
    words = f"Rated {percent(100 * rating)}"
    return (words, ":material/thumb_up:", "green") if rating >= 0.5 else (words, ":material/thumb_down:", "red")


def _rest(count: int, noun: str) -> None:
    if count > 0:
        st.caption(f"and {counted(count, noun)} more")
