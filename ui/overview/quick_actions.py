"""The shortcuts of the overview."""

import streamlit as st

from queries.students.tiers import TIER_LABELS
from ui.account.viewer import Viewer
from ui.navigation import students_page


def quick_actions(seen_by: Viewer) -> None:
    """Links to what creators do most often; read-only for staff."""
    del seen_by
    with st.container(horizontal=True):
        st.page_link(students_page(), label="Find a student", icon=":material/search:")
        st.page_link(
            students_page(),
            label="Top performers",
            icon=":material/trophy:",
            query_params={"sort": "progress", "order": "desc"},
        )
        st.page_link(
            students_page(),
            label=TIER_LABELS["low_engagement"].text,
            icon=":material/trending_down:",
            query_params={"tier": "low_engagement"},
        )
