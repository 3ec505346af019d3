"""Links from a list to its export, with the current filters."""

import streamlit as st

from queries.periods.period import BEFORE, Period
from ui.navigation import exports_page
from ui.shared.links import Link, show_link

PERIOD, COMPARE, STUDENT = "export_period", "export_compare", "student"
# What the lists keep in their addresses; the page number is not a filter.
KEPT = ("status", "tier", "progress", "active", "sort", "order", "category", "band", "video", "search", "find", "words")
REPORTS = (
    ("pdf", "PDF report", ":material/picture_as_pdf:"),
    ("xlsx", "Excel report", ":material/table_view:"),
)


def export_link(export_type: str, period: Period | None = None) -> None:
    """A link that opens the exports page with this type, the filters of the address, and the period if there is one."""
    filters = {key: st.query_params[key] for key in KEPT if key in st.query_params}
    address = {"type": export_type} | filters | ({PERIOD: period.key} if period else {})
    show_link(Link(exports_page(), address), label="Export", icon=":material/download:")


def report_links(period: Period) -> None:
    """Two small links that open the exports page with the report on this period, as PDF or Excel."""
    beside = {} if period.compare == BEFORE else {COMPARE: period.compare}
    with st.container(horizontal=True, gap="small"):
        for file_format, label, icon in REPORTS:
            address = {"type": "analytics", "format": file_format, PERIOD: period.key} | beside
            show_link(Link(exports_page(), address), label=label, icon=icon)
