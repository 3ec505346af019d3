"""The shortcuts of the overview."""

import streamlit as st

from ui.navigation import students_page
from ui.viewer import Viewer


def quick_actions(seen_by: Viewer) -> None:
    """Where a creator goes most often; staff only read."""
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
            label="Low engagement",
            icon=":material/trending_down:",
            query_params={"tier": "low_engagement"},
        )
