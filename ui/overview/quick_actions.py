"""The shortcuts of the overview."""

import streamlit as st

from queries.students.tiers import TIER_LABELS
from ui.account.viewer import Viewer
from ui.navigation import students_page
from ui.shared.links import show_link, students_link


def quick_actions(seen_by: Viewer) -> None:
    """Links to what creators do most often; read-only for staff."""
    del seen_by
    with st.container(horizontal=True):
        st.page_link(students_page(), label="Find a student", icon=":material/search:")
        show_link(students_link(sort="progress", order="desc"), label="Top performers", icon=":material/trophy:")
        show_link(
            students_link(tier="low_engagement"),
            label=TIER_LABELS["low_engagement"].text,
            icon=":material/trending_down:",
        )
