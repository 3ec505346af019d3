"""What a page shows if there is nothing yet."""

import streamlit as st


def nothing_yet(why: str, what_to_do: str) -> None:
    """Say why it is empty and what to do next."""
    with st.container(border=True):
        st.markdown(f"**{why}**  \n{what_to_do}")
