"""Filters of lists. The address alone says what is chosen, so that it survives a reload and the way back.

Before a field is drawn, it takes the value of the address; a choice is written there before the page runs again, as one
step in the browser's history. Another page has another address, so no filter follows there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Literal

import streamlit as st

from ui.shared.address import change_address

SEARCH_CHARACTERS = 100


def zone_label(zone: str) -> str:
    """A time zone as people read it: America/New York."""
    return zone.replace("_", " ")


def chosen_in_address(key: str, options: Collection[str], usual: str | None = None) -> str | None:
    """The option in the address; the usual one for none or one that does not exist."""
    asked = st.query_params.get(key)
    return asked if asked in options else usual


def select_filter(
    label: str,
    key: str,
    labels: Mapping[str, str],
    *,
    usual: str | None = None,
    help_text: str | None = None,
    placeholder: str = "Any",
    width: Any = "stretch",
    starts_over: Sequence[str] = ("page",),
) -> Any:  # the chosen option, with the type of the options
    """A selection among these options; without a usual one it can be left empty.

    `starts_over` names the parameters that a new choice removes, such as the page of the list.
    """
    _take(key, chosen_in_address(key, labels, usual))
    return st.selectbox(
        label,
        list(labels),
        index=0 if usual is not None else None,
        format_func=_label(labels),
        placeholder=placeholder,
        key=key,
        help=help_text,
        width=width,
        on_change=_write,
        args=(key, usual, tuple(starts_over)),
    )


def segment_filter(
    label: str,
    key: str,
    labels: Mapping[str, str],
    usual: str,
    *,
    how: Literal["segments", "pills"] = "segments",
    is_label_shown: bool = True,
    starts_over: Sequence[str] = ("page",),
) -> str:
    """One of a few options, all of them visible."""
    _take(key, chosen_in_address(key, labels, usual))
    draw: Any = st.segmented_control if how == "segments" else st.pills
    chosen: str | None = draw(
        label,
        list(labels),
        required=True,
        format_func=_label(labels),
        key=key,
        label_visibility="visible" if is_label_shown else "collapsed",
        on_change=_write,
        args=(key, usual, tuple(starts_over)),
    )
    return chosen or usual


def optional_segments(label: str, key: str, labels: Mapping[str, str], usual: str | None) -> str | None:
    """One of a few options without a label, all of them visible, or none yet."""
    _take(key, chosen_in_address(key, labels, usual))
    chosen: str | None = st.segmented_control(
        label,
        list(labels),
        format_func=_label(labels),
        key=key,
        label_visibility="collapsed",
        on_change=_write,
        args=(key, usual, ()),
    )
    return chosen


def search_filter(
    key: str,
    placeholder: str,
    *,
    label: str = "Search",
    width: Any = "stretch",
    starts_over: Sequence[str] = ("page",),
) -> str:
    """A field to type into; what is longer than it allows is no search."""
    asked = st.query_params.get(key, "")
    _take(key, asked if len(asked) <= SEARCH_CHARACTERS else "")
    typed = st.text_input(
        label,
        key=key,
        placeholder=placeholder,
        icon=":material/search:",
        max_chars=SEARCH_CHARACTERS,
        width=width,
        on_change=_write,
        args=(key, "", tuple(starts_over)),
    )
    return typed or ""


def cleared_filters_button(keys: Sequence[str]) -> None:
    """A button that removes these parameters from the address: everything is shown again."""
    st.button("Clear all filters", on_click=_clear, args=(tuple(keys),))


def _take(key: str, value: str | None) -> None:
    if key not in st.session_state or st.session_state[key] != value:
        st.session_state[key] = value


def _write(key: str, usual: str | None, starts_over: tuple[str, ...]) -> None:
    chosen = st.session_state[key]
    change_address(**dict.fromkeys(starts_over), **{key: None if chosen in (usual, "", None) else chosen})


def _clear(keys: tuple[str, ...]) -> None:
    change_address(**dict.fromkeys(keys))


def _label(labels: Mapping[str, str]) -> Callable[[str], str]:
    return lambda option: labels.get(option, option)
