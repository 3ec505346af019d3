"""One student: what stands out, what to do, and everything they did: the page."""

import streamlit as st

from queries.student_details import student_details
from queries.student_history import EVENTS_SHOWN, WATCHED_SHOWN
from ui.empty import nothing_yet
from ui.navigation import students_page
from ui.student_address import requested_offset, requested_student_id
from ui.student_history import (
    EVENTS_PAGE,
    WATCHED_PAGE,
    questions_panel,
    quizzes_panel,
    timeline_panel,
    watch_panel,
    wrong_answers_panel,
)
from ui.student_panels import actions_panel, course_panel, figures, heading, signals_panel
from ui.viewer import viewer

seen_by = viewer()
timezone = seen_by.creator.timezone

st.page_link(students_page(), label="All students", icon=":material/arrow_back:")
student_id = requested_student_id()
details = student_id and student_details(
    seen_by.creator_id,
    student_id,
    requested_offset(WATCHED_PAGE, WATCHED_SHOWN),
    requested_offset(EVENTS_PAGE, EVENTS_SHOWN),
)
if not details:
    st.title("Student")
    nothing_yet("There is no such student.", "They may have left the course. Look for them among all students.")
    st.stop()

heading(details, timezone)
with st.grid(2, min_column_width=340):
    signals_panel(details)
    actions_panel(details, seen_by)
figures(details)
course_panel(details)
watch_panel(details, timezone)
quizzes_panel(details, timezone)
with st.grid(2, min_column_width=340):
    wrong_answers_panel(details)
    questions_panel(details, timezone)
timeline_panel(details, timezone)
