"""Which student, and which page of the lists, the address of the page asks for."""

from uuid import UUID

import streamlit as st

LAST_PAGE = 1_000_000  # far beyond every list, and still a number that the database can count to


def requested_student_id() -> UUID | None:
    """The id in the address; None for none or one that no student can have."""
    try:
        return UUID(st.query_params.get("id", ""))
    except ValueError:
        return None


def requested_offset(key: str, page_size: int) -> int:
    """Where the page begins that was chosen below a list; on the first run the address names it."""
    asked = str(st.session_state.get(key) or st.query_params.get(key, ""))
    is_number = asked.isascii() and asked.isdigit() and len(asked) < 9
    return (min(max(int(asked), 1), LAST_PAGE) - 1) * page_size if is_number else 0


def page_choice(key: str, total: int, page_size: int) -> None:
    """The pages below a list that has more than one."""
    pages = -(-total // page_size)
    if pages > 1:
        st.pagination(pages, key=key, bind="query-params")
