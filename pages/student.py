"""The page of one student: what stands out, what to do, and everything they did."""

import streamlit as st

from queries.mails.messages_to_student import messages_to_student
from queries.overview.data_there import data_there
from queries.students.details import student_details
from queries.students.history import EVENTS_SHOWN, WATCHED_SHOWN
from ui.account.viewer import viewer
from ui.own_data.missing import missing_note
from ui.shared.address import requested_id
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.links import way_back
from ui.shared.paging import requested_offset
from ui.students.enrolments_line import enrolled_in
from ui.students.history import (
    EVENTS_PAGE,
    WATCHED_PAGE,
    questions_panel,
    quizzes_panel,
    timeline_panel,
    watch_panel,
    wrong_answers_panel,
)
from ui.students.messages import messages_panel
from ui.students.panels import actions_panel, course_panel, figures, heading, signals_panel
from ui.students.personal_data import personal_data_panel
from ui.top_bar.course_choice import maybe_in_another_course

seen_by = viewer()
timezone = seen_by.creator.timezone

way_back("students")
student_id = requested_id()
with gathering():
    details = student_id and student_details(
        seen_by.creator_id,
        student_id,
        requested_offset(WATCHED_PAGE, WATCHED_SHOWN),
        requested_offset(EVENTS_PAGE, EVENTS_SHOWN),
    )
    there = data_there(seen_by.creator_id)
    enrolled = enrolled_in(seen_by.creator_id, student_id, timezone) if details and student_id else ""
    messages = (
        messages_to_student(seen_by.creator_id, student_id, details.student.email) if details and student_id else None
    )
if not details or messages is None:
    st.title("Student")
    maybe_in_another_course()
    nothing_yet("Student not found.", "They may have left the course. Look for them under All students.")
    st.stop()

heading(details, timezone)
missing_note(there)
if enrolled:
    st.caption(enrolled)
with st.grid(2, min_column_width=340):
    signals_panel(details)
    actions_panel(details, seen_by)
messages_panel(messages, timezone)
figures(details)
course_panel(details)
watch_panel(details, timezone)
quizzes_panel(details, timezone)
with st.grid(2, min_column_width=340):
    wrong_answers_panel(details)
    questions_panel(details, timezone)
timeline_panel(details, timezone)
personal_data_panel(details.student, seen_by)
