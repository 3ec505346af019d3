"""The way from a list to its export, with the filters that are set."""

import streamlit as st

from ui.navigation import exports_page

PERIOD = "export_period"
# What the lists keep in their addresses; a list's page is no filter.
KEPT = ("status", "tier", "progress", "active", "sort", "order", "category", "band", "video")
# A text that Streamlit itself keeps in the address of one page does not reach another under its own name.
SEARCHES = {"students": "search", "videos": "find", "chat": "words"}
FOUND_BY = "found_by"
REPORTS = (
    ("pdf", "Report as PDF", ":material/picture_as_pdf:"),
    ("xlsx", "Report as workbook", ":material/table_view:"),
)


def export_link(export_type: str, period: str | None = None) -> None:
    """A link that opens the exports page with this type, the filters of the address, and the period if there is one."""
    filters = {key: st.query_params[key] for key in KEPT if key in st.query_params}
    search = st.query_params.get(SEARCHES.get(export_type, ""))
    more = {PERIOD: period, FOUND_BY: search}
    address = {"type": export_type} | filters | {key: value for key, value in more.items() if value}
    st.page_link(exports_page(), label="Export", icon=":material/download:", query_params=address)


def report_links(period: str) -> None:
    """Two quiet links that open the exports page with the report on this period, as PDF or as a workbook."""
    with st.container(horizontal=True, gap="small"):
        for file_format, label, icon in REPORTS:
            address = {"type": "analytics", "format": file_format, PERIOD: period}
            st.page_link(exports_page(), label=label, icon=icon, query_params=address)


def take_search_from_address(export_type: str) -> None:
    """On the exports page, before the filters: search for what the list was searched for."""
    if FOUND_BY in st.query_params:
        st.session_state[SEARCHES[export_type]] = st.query_params.pop(FOUND_BY)
