"""Choices that several pages share; all of them live in the URL."""

from collections.abc import Collection

import streamlit as st

from ui.shared.opened import forget_opened

PAGE, KEPT = "page of the last run", " kept in the address"


def forget_other_pages(page: str) -> None:
    """At the start of a run: forget what another page with the same keys kept in its address, and its open form."""
    if st.session_state.get(PAGE) != page:
        forget_opened()
        for key in [str(key) for key in st.session_state if str(key).endswith(KEPT)]:
            del st.session_state[key]
    st.session_state[PAGE] = page


def take_from_address(key: str, options: Collection[str], silent: str | None = None) -> None:
    """Call before a widget with this key: the address sets the option, as in `?status=at-risk`.

    Streamlit's own `bind` would write the label that people read (`?status=At+risk`) and ignore
    the option. Following a link or going back changes the address since it was last
    kept, so the address wins; otherwise the widget does. An address without the key means the `silent` option.
    """
    asked = st.query_params.get(key)
    meant = asked if asked in options else None
    st.session_state[_meant(key)] = meant
    if asked == st.session_state.get(_kept(key)) and key in st.session_state:
        return
    shown = silent if asked is None else meant
    if shown is None:
        st.session_state.pop(key, None)
    else:
        st.session_state[key] = shown


def keep_in_address(key: str, chosen: str | None, usual: str | None = None) -> None:
    """Call after the widget: write its value to the address, or nothing for the default.

    An address that already means this choice is left alone: each change is a step in the
    browser's history, and going back to one made by the page would return here immediately.
    """
    if chosen != (st.session_state[_meant(key)] or usual):
        if chosen is None or chosen == usual:
            st.query_params.pop(key, None)
        else:
            st.query_params[key] = chosen
    st.session_state[_kept(key)] = st.query_params.get(key)


def _kept(key: str) -> str:
    return key + KEPT


def _meant(key: str) -> str:
    return f"{key} meant by the address"
