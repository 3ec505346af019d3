"""The shortcuts of the overview."""

import streamlit as st

from queries.students.tiers import TIER_LABELS
from ui.account.viewer import Viewer
from ui.navigation import generate_quiz_page, invitations_page, students_page, videos_page


def quick_actions(seen_by: Viewer) -> None:
    """Links to what creators do most often; staff, who are read-only, get those that look something up."""
    with st.container(horizontal=True):
        if not seen_by.is_staff:
            st.page_link(videos_page(), label="Upload a video", icon=":material/upload:", query_params={"upload": "1"})
            st.page_link(invitations_page(), label="Invite students", icon=":material/person_add:")
            st.page_link(generate_quiz_page(), label="Generate a quiz", icon=":material/auto_awesome:")
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
