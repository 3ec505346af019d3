"""All students, searched, filtered, sorted: the page."""

from dataclasses import replace

import streamlit as st

from queries.definitions import help_for
from queries.students import StudentFilters, students
from ui.announcing import announce_link
from ui.empty import nothing_yet
from ui.export_link import export_link
from ui.student_filters import PAGE_SIZE, cleared_filters_button, student_filters
from ui.student_table import student_table
from ui.viewer import viewer

seen_by = viewer()

st.title("Students", help=help_for("engagement_tier"))
filters = student_filters()
found = students(seen_by.creator_id, filters)
if found.total and found.students.empty:  # a page beyond the last
    filters = replace(filters, offset=0)
    found = students(seen_by.creator_id, filters)

if not found.total:
    if filters == StudentFilters(sort_by=filters.sort_by, sort_order=filters.sort_order, limit=PAGE_SIZE):
        nothing_yet("No student has enrolled yet.", "Invite your students, or import a course.")
    else:
        nothing_yet("No student fits these filters.", "Choose other filters, or clear them all.")
        cleared_filters_button()
    st.stop()

pages = -(-found.total // PAGE_SIZE)
first = filters.offset + 1
with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
    st.caption(f"{first:,} to {filters.offset + len(found.students):,} of {found.total:,} students", width="content")
    export_link("students")
selected = student_table(found.students, seen_by.creator.timezone)
if not seen_by.is_staff:
    announce_link(selected, found.total)
if pages > 1:
    st.pagination(pages, key="page", bind="query-params")
