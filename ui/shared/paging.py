"""Pages of a list that is too long for one: which page the address asks for, and the choice of another."""

import streamlit as st

LAST_PAGE = 1_000_000  # far beyond any list, and still within the database's range


def requested_offset(key: str, page_size: int) -> int:
    """The offset of the page chosen below a list; on the first run it comes from the address."""
    asked = str(st.session_state.get(key) or st.query_params.get(key, ""))
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 9
    return (min(max(int(asked), 1), LAST_PAGE) - 1) * page_size if is_number else 0


def page_choice(key: str, total: int, page_size: int) -> None:
    """Page numbers below a list, if there is more than one page."""
    pages = -(-total // page_size)
    if pages > 1:
        st.pagination(pages, key=key, bind="query-params")
