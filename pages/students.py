"""The page of all students, with search, filters and sorting."""

from dataclasses import replace

import streamlit as st

from queries.courses.known import courses
from queries.definitions import help_for
from queries.overview.data_there import data_there
from queries.students.lists import StudentFilters, students
from rules.formatting import grouped, out_of
from ui.account.viewer import viewer
from ui.composer.opening import announce_link
from ui.exports.link import export_link
from ui.own_data.missing import missing_note, nothing_without_data
from ui.shared.choices import cleared_filters_button
from ui.shared.empty import nothing_yet
from ui.shared.flash import show_message
from ui.shared.gathering import gathering
from ui.shared.links import remember_list
from ui.shared.paging import page_choice
from ui.students.enrolling import enrol_button
from ui.students.filters import FILTERS, PAGE_SIZE, student_filters
from ui.students.personal_data import ERASED
from ui.students.table import student_table

seen_by = viewer()

st.title("Students", help=help_for("engagement_tier"))
show_message(ERASED)
filters = student_filters()
with gathering():
    found = students(seen_by.creator_id, filters)
    if found.total and found.students.empty:  # a page beyond the last
        filters = replace(filters, offset=0)
        found = students(seen_by.creator_id, filters)
    known, there = courses(seen_by.creator_id).courses, data_there(seen_by.creator_id)
remember_list("students")

if not found.total:
    if filters == StudentFilters(sort_by=filters.sort_by, sort_order=filters.sort_order, limit=PAGE_SIZE):
        nothing_without_data("No students have enrolled yet.", "Invite students, or bring in a course with them.")
    else:
        nothing_yet("No students match these filters.", "Change the filters, or clear them all.")
        cleared_filters_button(FILTERS)
    st.stop()

missing_note(there)
first = filters.offset + 1
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.caption(
        f"{grouped(first)} to {out_of(filters.offset + len(found.students), found.total, 'student')}",
        width="content",
    )
    export_link("students")
selected = student_table(found, seen_by.creator.timezone)
if not seen_by.is_staff:
    with st.container(horizontal=True, vertical_alignment="center"):
        announce_link(selected, found.total)
        enrol_button(seen_by, known, selected, filters, found.total)
page_choice("page", found.total, PAGE_SIZE)
