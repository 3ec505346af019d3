"""The upper panels of the page of one student: who it is, what stands out, what to do."""

import streamlit as st

from database.frames import records
from queries.definitions import help_for
from queries.reasons import signal_in_words, silence_in_words, tier_in_words
from queries.spoken_lines import timestamp
from queries.student_details import StudentDetails
from queries.tiers import TIER_LABELS
from reports.exports import ExportRequest
from reports.exports.filters import ProgressFilters
from ui.export_start import start_export
from ui.navigation import exports_page, quiz_page, video_page
from ui.student_charts import show_course
from ui.student_findings import Stop, course_sentence, day, failed_quizzes, stopped_in
from ui.student_message import mail_link, suggested_message
from ui.text import e_mail_link, plain
from ui.tiers import tier_badge
from ui.viewer import Viewer

# What each signal is called, with Streamlit's icon and colour.
SIGNAL_BADGES = {
    "never_started": ("Never started", "hourglass_empty", "red"),
    "silent": ("Silent", "bedtime", "red"),
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
        st.title(plain(student["name"]), anchor=False, width="content")
        tier_badge(student["engagement_tier"])
    tier = TIER_LABELS[student["engagement_tier"]].text
    st.markdown(f"{silence_in_words(student)} **{tier}:** {tier_in_words(student)}", help=help_for("engagement_tier"))
    enrolled = f"Enrolled {day(student['created_at'], timezone)}"
    st.markdown(f"{enrolled} · {e_mail_link(student['email'])}" if student["email"] else enrolled)


def signals_panel(details: StudentDetails) -> None:
    """Every signal that holds, worst first."""
    with st.container(border=True, height="stretch"):
        st.header("What stands out", help=help_for("student_signals"))
        if details.signals.empty:
            st.markdown(":green-badge[:material/check_circle: All well] Nothing that needs your attention.")
        for signal in records(details.signals):
            label, icon, colour = SIGNAL_BADGES[signal["kind"]]
            st.markdown(f":{colour}-badge[:material/{icon}: {label}] {plain(signal_in_words(signal))}")


def actions_panel(details: StudentDetails, seen_by: Viewer) -> None:
    """Write to them, see where they stopped, look at the quizzes they fail."""
    stop, quizzes = stopped_in(details), failed_quizzes(details.attempts)
    with st.container(border=True, height="stretch"):
        st.header("What you can do", help=help_for("student_actions"))
        if not seen_by.is_staff:
            _message(details, seen_by.creator.name)
        if stop:
            _open_video(stop)
        for quiz in quizzes:
            st.page_link(
                quiz_page(),
                label=f"Failed: {plain(quiz['quiz_title'])}",
                icon=":material/quiz:",
                help="Look at the quiz, which they failed last time",
                query_params={"id": str(quiz["quiz_id"])},
            )
        if not stop and not quizzes:
            st.caption("No video was left unfinished, and no quiz is still failed.")
        _report(details, seen_by)


def figures(details: StudentDetails) -> None:
    """The four headline figures; shares of nothing are dashes."""
    student = details.student
    published, attempts = student["published_videos"], student["quiz_attempts"]
    with st.grid(4, min_column_width=160):
        progress = f"{student['progress_percent']} %" if published else "-"
        st.metric("Progress", progress, help=help_for("progress"), border=True)
        completed = f"{student['videos_completed']} of {published}" if published else "-"
        st.metric("Videos completed", completed, help=help_for("progress"), border=True)
        passed = f"{student['quizzes_passed']} of {attempts}" if attempts else "-"
        st.metric("Quizzes passed", passed, help=help_for("quizzes_passed"), border=True)
        st.metric("Questions asked", f"{student['questions_asked']:,}", help=help_for("questions_asked"), border=True)


def course_panel(details: StudentDetails) -> None:
    """All published videos in order, as one strip."""
    sentence = course_sentence(details.course)
    with st.container(border=True):
        st.header("The course, video by video", help=help_for("course_strip"))
        st.markdown(sentence)
        if not details.course.empty:
            show_course(details.course)


def _report(details: StudentDetails, seen_by: Viewer) -> None:
    """Everything about the student on paper, written in the background like every file."""
    if st.button("Progress report as PDF", icon=":material/picture_as_pdf:", type="tertiary"):
        request = ExportRequest("progress", "pdf", ProgressFilters(student_id=details.student["student_id"]))
        if start_export(seen_by, request):
            st.switch_page(exports_page())


def _message(details: StudentDetails, creator_name: str) -> None:
    message = suggested_message(details, creator_name)
    link = mail_link(details.student["email"], message)
    if link is None:
        st.caption("No e-mail address is known, so you cannot write to them from here.")
        return
    with st.popover("Write a message", icon=":material/mail:"):
        st.markdown(f"**{plain(message.subject)}**")
        st.text(message.text)
        st.link_button("Open in your mail program", link, icon=":material/outgoing_mail:", type="primary")
        st.caption("Nothing is sent until you send it there; change it as you like.")


def _open_video(stop: Stop) -> None:
    second = {} if stop.second is None else {"t": str(stop.second)}
    where = "Left unfinished" if stop.second is None else f"Stopped at {timestamp(stop.second)}"
    st.page_link(
        video_page(),
        label=f"{where}: {plain(stop.title)}",
        icon=":material/play_circle:",
        help="Open the video there",
        query_params={"id": str(stop.video_id), **second},
    )
