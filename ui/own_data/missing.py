"""What a creator's data lacks, and the link to where it can come in."""

import streamlit as st

from queries.overview.data_there import DataThere
from rules.sentences import sentence
from ui.navigation import own_data_page


@sentence
def missing_in_words(there: DataThere) -> str | None:
    """What there is none of yet, the most important first; None if there is some of everything."""
    if not there.students and not there.videos:
        return "There are no students and no videos yet."
    if not there.students:
        return "There are no students yet."
    if not there.videos:
        return "There are no videos yet."
    if not there.has_activity:
        return "No activity of students has arrived yet."
    return None


def missing_note(there: DataThere) -> None:
    """One line on pages that can show something, but not everything; nothing if the data is complete."""
    if said := missing_in_words(there):
        with st.container(horizontal=True, vertical_alignment="center", key="missing_data"):
            st.markdown(f":material/info: {said}", width="content")
            own_data_link()


def nothing_without_data(why: str, what_to_do: str) -> None:
    """What a page shows if it has nothing to show because data is missing: why, what to do, and where."""
    with st.container(border=True, key="missing_data"):
        st.markdown(f"**{why}**  \n{what_to_do}")
        own_data_link()


def own_data_link() -> None:
    st.page_link(own_data_page(), label="Bring in data", icon=":material/database_upload:", width="content")
