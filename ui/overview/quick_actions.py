"""The shortcuts of the overview."""

import streamlit as st

from queries.students.tiers import TIER_LABELS
from ui.account.viewer import Viewer
from ui.navigation import generate_quiz_page, invitations_page, students_page
from ui.shared.links import show_link, students_link, upload_link


def quick_actions(seen_by: Viewer, *, has_students: bool = True) -> None:
    """Links to what creators do most often; staff, who are read-only, get those that look something up."""
    with st.container(horizontal=True):
        if not seen_by.is_staff:
            show_link(upload_link(), label="Upload a video", icon=":material/upload:")
            st.page_link(invitations_page(), label="Invite students", icon=":material/person_add:")
            st.page_link(generate_quiz_page(), label="Generate a quiz", icon=":material/auto_awesome:")
        if not has_students:
            return
        st.page_link(students_page(), label="Find a student", icon=":material/search:")
        show_link(students_link(sort="progress", order="desc"), label="Top performers", icon=":material/trophy:")
        show_link(
            students_link(tier="low_engagement"),
            label=TIER_LABELS["low_engagement"].text,
            icon=":material/trending_down:",
        )
