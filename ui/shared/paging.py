"""Pages of a list that is too long for one: which page the address asks for, and the choice of another."""

import streamlit as st

from ui.shared.address import change_address

LAST_PAGE = 1_000_000  # far beyond any list, and still within the database's range


def requested_page(key: str) -> int:
    """The page in the address, the first for anything that is not a number."""
    asked = st.query_params.get(key, "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 9
    return min(max(int(asked), 1), LAST_PAGE) if is_number else 1


def requested_offset(key: str, page_size: int) -> int:
    """The offset of the page in the address."""
    return (requested_page(key) - 1) * page_size


def page_choice(key: str, total: int, page_size: int) -> None:
    """Page numbers below a list, if there is more than one page."""
    pages = -(-total // page_size)
    if pages < 2:
        return
    page = requested_page(key)
    shown = page if page <= pages else 1
    widget = _widget(key, shown)
    st.pagination(pages, default=shown, key=widget, on_change=_turn, args=(key, widget))


def _widget(key: str, shown: int) -> str:
    """The key of the numbers that show this page; after a step back, say, new ones take the place of the others.

    Streamlit warns where the page of present ones is set, because they always have a default.
    """
    count = st.session_state.setdefault(f"{key} numbers", 0)
    if st.session_state.get(f"{key} {count}", shown) != shown:
        st.session_state[f"{key} numbers"] = count = count + 1
    return f"{key} {count}"


def _turn(key: str, widget: str) -> None:
    page = st.session_state[widget]
    change_address(**{key: None if page == 1 else str(page)})
