"""Search, filters and order of the list of students, all in the URL."""

from typing import get_args

import streamlit as st

from queries.definitions import help_for
from queries.labels import LAST_ACTIVE, STUDENT_STATUSES
from queries.students.lists import LastActive, ProgressRange, SortBy, StudentFilters
from queries.students.tiers import TIER_LABELS
from rules.formatting import percent_range
from ui.shared.choices import search_filter, select_filter
from ui.shared.paging import requested_offset
from ui.table.address import ListAddress, Order

PAGE_SIZE = 50
ADDRESS = ListAddress("students_table", Order("lastActive", "desc"))
STATUS_LABELS = {"all": "All"} | STUDENT_STATUSES
LAST_ACTIVE_LABELS = LAST_ACTIVE
FILTERS = ("search", "status", "tier", "progress", "active", "page")


def student_filters() -> StudentFilters:
    """The filters and the order as in the address."""
    search = search_filter("search", "Name or email")
    with st.grid(4, min_column_width=120, vertical_alignment="bottom"):
        status = select_filter("Status", "status", STATUS_LABELS, usual="all", help_text=help_for("status"))
        tier = select_filter("Tier", "tier", {key: label.text for key, label in TIER_LABELS.items()})
        ranges = {key: percent_range(key) for key in get_args(ProgressRange)}
        progress = select_filter("Progress", "progress", ranges, help_text=help_for("progress"))
        last_active = select_filter(
            "Last active", "active", {key: LAST_ACTIVE_LABELS[key] for key in get_args(LastActive)}
        )
    order = ADDRESS.chosen(get_args(SortBy))
    return StudentFilters(
        status=status,
        progress=progress,
        last_active=last_active,
        tier=tier,
        search=search,
        sort_by=order.key,  # type: ignore[arg-type]  # one of SortBy
        sort_order=order.direction,
        limit=PAGE_SIZE,
        offset=requested_offset("page", PAGE_SIZE),
    )
