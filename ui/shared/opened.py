"""Edit forms that know what they were opened with, and what happens where somebody else saved meanwhile."""

from collections.abc import Callable
from typing import Any, Literal, TypeVar

import streamlit as st

from rules.edits import EditConflict, with_saved

T = TypeVar("T")
OPENED, CONFLICT = "form as it was opened", "form in conflict"  # of the one form that is open
Shown = Callable[[Any, Any], tuple[str, str]]


def as_opened(form: str, now: T) -> T:
    """What the form with this name was opened with: what is saved now, unless the form is open already."""
    known, version = st.session_state.get(OPENED, (None, now))
    if known == form:
        opened: T = version
        return opened
    forget_opened()
    st.session_state[OPENED] = (form, now)
    return now


def forget_opened() -> None:
    """Call when a form is saved or closed; another page does so by itself."""
    st.session_state.pop(OPENED, None)
    st.session_state.pop(CONFLICT, None)


def save_or_ask(
    mine: Callable[[], T],
    opened: T,
    is_saved: bool,
    save: Callable[[T, T], None],
    shown: Shown,
    with_theirs: Callable[[T, EditConflict], T] = with_saved,
) -> None:
    """Save the edit, `mine`, on a click, with what it was opened with; where that conflicts, ask which version to keep.

    `save` ends in another run of the page. `shown` gives a part's label and its text, from a version and the part.
    """
    if is_saved:
        _tried(save, mine(), opened)
    conflict: EditConflict | None = st.session_state.get(CONFLICT)
    if conflict is None:
        return
    own = mine()
    answer = _answer(conflict, own, shown)
    if answer is not None:
        del st.session_state[CONFLICT]
        _tried(save, own if answer == "mine" else with_theirs(own, conflict), conflict.saved)
        st.rerun()  # something was saved meanwhile again


def _tried(save: Callable[[T, T], None], mine: T, opened: T) -> None:
    try:
        save(mine, opened)
    except EditConflict as conflict:
        st.session_state[CONFLICT] = conflict


def _answer(conflict: EditConflict, mine: Any, shown: Shown) -> Literal["mine", "saved"] | None:
    """Both versions of what is in conflict, and the two buttons."""
    st.warning(f"{conflict} Choose what to keep; your other changes are saved with it.", icon=":material/call_split:")
    for part in conflict.parts:
        label, saved = shown(conflict.saved, part)
        with st.container(horizontal=True):
            _version(f"{label}, as saved now", saved)
            _version(f"{label}, yours", shown(mine, part)[1])
    with st.container(horizontal=True):
        is_mine = st.button("Save mine", type="primary", key="conflict_mine")
        is_saved = st.button("Keep what is saved", key="conflict_saved")
    return "mine" if is_mine else "saved" if is_saved else None


def _version(label: str, text: str) -> None:
    with st.container(border=True, height="stretch"):
        st.caption(label)
        st.text(text or "-")
