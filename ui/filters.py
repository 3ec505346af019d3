"""Choices that several pages share; all of them live in the URL."""

from collections.abc import Collection

import streamlit as st

from queries.periods import MONTH, PERIODS, Period

PAGE, KEPT = "page of the last run", " kept in the address"


def period_filter() -> Period:
    """7, 30 or 90 days; `?period=7d` in the URL."""
    take_from_address("period", PERIODS)
    chosen = st.segmented_control(
        "Period",
        list(PERIODS),
        default=None if "period" in st.session_state else MONTH.key,
        required=True,
        format_func=lambda key: PERIODS[key].label,
        key="period",
        label_visibility="collapsed",
    )
    keep_in_address("period", chosen, usual=MONTH.key)
    return PERIODS[chosen or MONTH.key]


def forget_other_pages(page: str) -> None:
    """At the start of a run: what a page kept in its address says nothing about another page with the same keys."""
    if st.session_state.get(PAGE) != page:
        for key in [str(key) for key in st.session_state if str(key).endswith(KEPT)]:
            del st.session_state[key]
    st.session_state[PAGE] = page


def take_from_address(key: str, options: Collection[str]) -> None:
    """Before a choice with this key: let the address name the option, as in `?status=at-risk`.

    Streamlit's own `bind` would write the label that people read (`?status=At+risk`) and ignore
    the option. Whoever follows a link or goes back has changed the address since it was last
    kept, and is obeyed; else the widget is.
    """
    asked = st.query_params.get(key)
    meant = asked if asked in options else None
    st.session_state[_meant(key)] = meant
    if asked == st.session_state.get(_kept(key)) and key in st.session_state:
        return
    if meant is None:
        st.session_state.pop(key, None)
    else:
        st.session_state[key] = meant


def keep_in_address(key: str, chosen: str | None, usual: str | None = None) -> None:
    """After the choice: write it to the address, or nothing for the usual one.

    An address that means the choice already stays as it is: each change is a step of the
    browser's way back, and one that a page takes by itself would lead straight back to it.
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
