"""The upper panels of a student's page: who it is, what stands out, what to do."""

import streamlit as st

from charts.student import course_strip
from database.frames import records
from database.mail_addresses import deliverable
from queries.definitions import help_for
from queries.students.details import StudentDetails
from queries.students.reasons import signal_in_words, silence_in_words, tier_in_words
from queries.students.signals import SignalRow
from queries.students.tiers import TIER_LABELS
from rules.formatting import grouped, out_of, percent, timestamp
from ui.account.viewer import Viewer
from ui.composer.opening import write_link
from ui.exports.link import STUDENT
from ui.navigation import exports_page
from ui.shared.drawing import show_chart
from ui.shared.links import Link, quiz_link, show_link, video_link
from ui.shared.text import e_mail_link, plain
from ui.students.findings import Stop, course_sentence, day, failed_quizzes, stopped_in
from ui.students.tiers import tier_badge

# The label of each signal, with its icon and colour.
SIGNAL_BADGES = {
    "never_started": ("Not started", "hourglass_empty", "red"),
    "silent": ("Away", "bedtime", "red"),
    "failing": ("Failing", "trending_down", "red"),
    "stuck": ("Stuck", "block", "orange"),
    "repeating": ("Same question", "repeat", "orange"),
    "came_back": ("Came back", "waving_hand", "blue"),
    "finished": ("Finished", "celebration", "green"),
}


def heading(details: StudentDetails, timezone: str) -> None:
    """Name, tier and why, since when, and how to write to them."""
    student = details.student
    with st.container(horizontal=True, vertical_alignment="center"):
        st.title(plain(student.name), anchor=False, width="content")
        tier_badge(student.engagement_tier)
    tier = TIER_LABELS[student.engagement_tier].text
    st.markdown(f"{silence_in_words(student)} **{tier}:** {tier_in_words(student)}", help=help_for("engagement_tier"))
    enrolled = f"Enrolled {day(student.created_at, timezone)}"
    st.markdown(f"{enrolled} · {e_mail_link(student.email)}" if student.email else enrolled)


def signals_panel(details: StudentDetails) -> None:
    """Every signal that applies, most serious first."""
    with st.container(border=True, height="stretch"):
        st.header("What stands out", help=help_for("student_signals"))
        if details.signals.empty:
            st.markdown(":green-badge[:material/check_circle: All well] Nothing needs attention.")
        for signal in records(details.signals, SignalRow):
            label, icon, colour = SIGNAL_BADGES[signal.kind]
            st.markdown(f":{colour}-badge[:material/{icon}: {label}] {plain(signal_in_words(signal))}")


def actions_panel(details: StudentDetails, seen_by: Viewer) -> None:
    """Links to write to them, see where they stopped, and open the quizzes they failed."""
    stop, quizzes = stopped_in(details), failed_quizzes(details.attempts)
    with st.container(border=True, height="stretch"):
        st.header("What you can do", help=help_for("student_actions"))
        if not seen_by.is_staff:
            _message(details)
        if stop:
            _open_video(stop)
        for quiz in quizzes:
            show_link(
                quiz_link(quiz.quiz_id),
                label=f"Failed: {plain(quiz.quiz_title)}",
                icon=":material/quiz:",
                help="Open the quiz they failed last time",
            )
        if not stop and not quizzes:
            st.caption("No unfinished videos, and no failed quizzes.")
        _report(details)


def figures(details: StudentDetails) -> None:
    """The four headline figures; shares of nothing are dashes."""
    student = details.student
    published, attempts = student.published_videos, student.quiz_attempts
    with st.grid(4, min_column_width=160):
        progress = percent(student.progress_percent) if published else "-"
        st.metric("Progress", progress, help=help_for("progress"), border=True)
        completed = out_of(student.videos_completed, published) if published else "-"
        st.metric("Videos completed", completed, help=help_for("progress"), border=True)
        passed = out_of(student.quizzes_passed, attempts) if attempts else "-"
        st.metric("Quizzes passed", passed, help=help_for("quizzes_passed"), border=True)
        st.metric("Questions asked", grouped(student.questions_asked), help=help_for("questions_asked"), border=True)


def course_panel(details: StudentDetails) -> None:
    """All published videos in order, as one strip."""
    sentence = course_sentence(details.course)
    with st.container(border=True):
        st.header("The course, video by video", help=help_for("course_strip"))
        st.markdown(sentence)
        if not details.course.empty:
            show_chart(
                course_strip,
                details.course[["place", "title", "state"]],
                alt="One cell for each published video, in order: completed, started or not started",
            )


def _report(details: StudentDetails) -> None:
    """A link to the exports page, with this student's report chosen."""
    address = {"type": "progress", "format": "pdf", STUDENT: str(details.student.student_id)}
    show_link(Link(exports_page(), address), label="PDF progress report", icon=":material/picture_as_pdf:")


def _message(details: StudentDetails) -> None:
    student = details.student
    if deliverable(student.email or "") is None:
        st.caption("There is no email address for this student, so you cannot write to them from here.")
    else:
        write_link([student.student_id], "Write a message")


def _open_video(stop: Stop) -> None:
    where = "Left unfinished" if stop.second is None else f"Stopped at {timestamp(stop.second)}"
    show_link(
        video_link(stop.video_id, stop.second),
        label=f"{where}: {plain(stop.title)}",
        icon=":material/play_circle:",
        help="Open the video there",
    )
