"""The lower panels of a student's page: watching, quizzes, questions, and the timeline."""

from typing import Any

import pandas as pd
import streamlit as st

from charts.student import watched_strips
from database.frames import records
from queries.definitions import help_for
from queries.students.answers import AttemptRow, FailedQuestionRow, StudentQuestionRow
from queries.students.details import StudentDetails
from queries.students.history import EVENTS_SHOWN, WATCHED_SHOWN, EventRow, WatchedVideoRow
from rules.excerpts import excerpts
from rules.formatting import LONGEST_QUOTE, counted, grouped, out_of, percent, timestamp
from ui.shared.drawing import show_chart
from ui.shared.links import quiz_link, show_link, video_link
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
from ui.table.address import ListAddress, Order
from ui.table.cells import badge, bar, named, number
from ui.table.cells import moment as moment_cell
from ui.table.table import Column, Row, whole_list

WATCHED_PAGE, EVENTS_PAGE = "watched", "events"  # the names in the address
FAILED_SHOWN = 5
ASKED_SHOWN = 5
TABLE_ROWS = 10
ATTEMPTS = ListAddress.of("attempt", Order("when", "desc"))
ATTEMPT_COLUMNS = (
    Column("quiz", "Quiz", "name", "asc"),
    Column("score", "Score", "bar", "asc"),
    Column("result", "Result", "badge", "asc"),
    Column("attempt", "Attempt", "number", "desc"),
    Column("time", "Time", "number", "desc"),
    Column("when", "When", "time", "desc"),
)
ATTEMPT_FIELDS = {
    "quiz": "quiz_title",
    "score": "score_percent",
    "result": "passed",
    "attempt": "attempt_number",
    "time": "time_taken_seconds",
    "when": "completed_at",
}


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
    for place, video in enumerate(records(details.watched.rows, WatchedVideoRow), start=1):
        video_id, stopped = video.video_id, video.stopped_at_second
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            show_link(
                video_link(video_id, stopped),
                label=f"{place}. {plain(video.title)}",
                icon=":material/play_arrow:",
            )
            said = watched_in_words(video, played.get(video_id, 0), again.get(video_id, 0))
            st.markdown(f"{said} · last watched {day(video.last_watched, timezone)}")


def _attempts_table(attempts: pd.DataFrame, timezone: str) -> None:
    def described(part: pd.DataFrame) -> list[Row]:
        return [_attempt(row, timezone) for row in records(part, AttemptRow)]

    whole_list(ATTEMPTS, "Quiz attempts", ATTEMPT_COLUMNS, attempts, described, ATTEMPT_FIELDS, page_size=TABLE_ROWS)


def _attempt(row: AttemptRow, timezone: str) -> Row:
    cells = (
        named(row.quiz_title, "Deleted" if row.is_deleted else None),
        bar(row.score_percent),
        badge("Passed", "green") if row.passed else badge("Failed", "red"),
        number(row.attempt_number),
        None if row.time_taken_seconds is None else timestamp(row.time_taken_seconds),
        moment_cell(row.completed_at, timezone),
    )
    return Row(str(row.attempt_id), cells, None if row.is_deleted else quiz_link(row.quiz_id).href)


def _failed_question(question: FailedQuestionRow) -> None:
    given, right = excerpts([question.answer or "", question.correct_answer or ""], LONGEST_QUOTE)
    answer = "nothing" if question.answer is None else f"“{plain(given)}”"
    said = "" if question.correct_answer is None else f"; correct answer: “{plain(right)}”"
    times = f"wrong {out_of(question.wrong, question.times)} times"
    st.markdown(
        f"**{plain(shortened(question.prompt))}** · {times}  \n"
        f"Answered {answer}{said}. From “{plain(question.quiz_title)}”."
    )


def _question(question: StudentQuestionRow, timezone: str) -> None:
    about = "" if question.video_title is None else f" · about “{plain(question.video_title)}”"
    st.markdown(f"**{plain(shortened(question.question))}**  \n{moment(question.created_at, timezone)}{about}")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        if question.answer_told is None:
            st.badge("Unanswered", icon=":material/hourglass_empty:", color="orange")
            return
        if question.rating is not None:
            words, icon, colour = _rating(question.rating)
            st.badge(words, icon=icon, color=colour)
        st.caption(plain(shortened(question.answer_told, LONGEST_ANSWER)))


def _rating(rating: float) -> tuple[str, Any, Any]:
    words = f"Rated {percent(100 * rating)}"
    return (words, ":material/thumb_up:", "green") if rating >= 0.5 else (words, ":material/thumb_down:", "red")


def _rest(count: int, noun: str) -> None:
    if count > 0:
        st.caption(f"and {counted(count, noun)} more")
