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
    if st.session_state.get(key) != shown:
        st.session_state[key] = shown
    st.pagination(pages, key=key, on_change=_turn, args=(key,))


def _turn(key: str) -> None:
    page = st.session_state[key]
    change_address(**{key: None if page == 1 else str(page)})
