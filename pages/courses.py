"""The page of all courses with their figures and runs, and ways to change them."""

import streamlit as st

from database.levels import EVERYTHING, at_level, level
from queries.courses.known import courses
from queries.overview.data_there import data_there
from ui.account.viewer import viewer
from ui.courses.dialogs import add_and_order_buttons, asked_dialog
from ui.courses.panels import course_panels, gathered_panels
from ui.own_data.missing import missing_note
from ui.periods.choice import period_filter
from ui.shared.gathering import gathering

ONE_COURSE = "All videos and quizzes are in one course."
ADD_ANOTHER = "Add another to see figures for each. A course can have several runs, each with its own students."

seen_by = viewer()
known = courses(seen_by.creator_id).courses
chosen = level().course_id
is_one_unnamed = len(known) < 2 and not any(course.title for course in known)

with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="bottom"):
    st.title("Courses", width="content")
    period = None if is_one_unnamed else period_filter()

with gathering(), at_level(EVERYTHING):
    panels = gathered_panels(seen_by.creator_id, period, known, first=chosen) if period else []
    there = data_there(seen_by.creator_id)
    dialog = None if seen_by.is_staff else asked_dialog(seen_by, known)

missing_note(there)
if is_one_unnamed:
    st.write(ONE_COURSE if seen_by.is_staff else f"{ONE_COURSE} {ADD_ANOTHER}")
if not seen_by.is_staff:
    add_and_order_buttons(known)
if period:
    course_panels(panels, len(known), period, seen_by.creator.timezone, can_change=not seen_by.is_staff)
if dialog:
    dialog()
