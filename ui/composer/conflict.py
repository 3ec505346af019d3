"""Two versions of one text, changed in two tabs: both are shown, and neither is lost until one of them is chosen."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st

from ui.composer.suggestions import Text


@dataclass(frozen=True)
class Choice:
    """A button, and what a click on it does."""

    label: str
    chosen: Callable[[], None]


def both_versions(why: str, mine: Text, theirs: Text | None, keep_mine: Choice, use_theirs: Choice | None) -> None:
    """Yours beside what is saved; only yours where nothing is."""
    with st.container(border=True):
        st.warning(f"{why} Nothing is lost: choose which one to go on with.", icon=":material/call_split:")
        with st.grid(2, min_column_width=300):
            _version("Yours", mine, keep_mine, "keep_mine")
            if theirs:
                _version("As saved now", theirs, use_theirs, "use_theirs")


def _version(title: str, text: Text, choice: Choice | None, key: str) -> None:
    with st.container(border=True, height="stretch"):
        st.markdown(f"**{title}**")
        st.text(f"{text.subject}\n\n{text.body}")
        if choice:
            st.button(choice.label, key=key, on_click=choice.chosen)
