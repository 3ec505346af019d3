"""Links from a list to its export, with the current filters."""

import streamlit as st

from queries.periods.period import BEFORE, Period
from ui.navigation import exports_page

PERIOD, COMPARE, STUDENT = "export_period", "export_compare", "student"
# What the lists keep in their addresses; the page number is not a filter.
KEPT = ("status", "tier", "progress", "active", "sort", "order", "category", "band", "video")
# Text that Streamlit keeps in the address of one page does not reach another page under the same name.
SEARCHES = {"students": "search", "videos": "find", "chat": "words"}
FOUND_BY = "found_by"
REPORTS = (
    ("pdf", "PDF report", ":material/picture_as_pdf:"),
    ("xlsx", "Excel report", ":material/table_view:"),
)


def export_link(export_type: str, period: Period | None = None) -> None:
    """A link that opens the exports page with this type, the filters of the address, and the period if there is one."""
    filters = {key: st.query_params[key] for key in KEPT if key in st.query_params}
    search = st.query_params.get(SEARCHES.get(export_type, ""))
    more = {PERIOD: period and period.key, FOUND_BY: search}
    address = {"type": export_type} | filters | {key: value for key, value in more.items() if value}
    st.page_link(exports_page(), label="Export", icon=":material/download:", query_params=address)


def report_links(period: Period) -> None:
    """Two small links that open the exports page with the report on this period, as PDF or Excel."""
    beside = {} if period.compare == BEFORE else {COMPARE: period.compare}
    with st.container(horizontal=True, gap="small"):
        for file_format, label, icon in REPORTS:
            address = {"type": "analytics", "format": file_format, PERIOD: period.key} | beside
            st.page_link(exports_page(), label=label, icon=icon, query_params=address)


def take_search_from_address(export_type: str) -> None:
    """On the exports page, before the filters: take over the search of the list."""
    if FOUND_BY in st.query_params:
        st.session_state[SEARCHES[export_type]] = st.query_params.pop(FOUND_BY)
