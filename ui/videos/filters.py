"""Search, filters and order of the list of videos, all in the URL."""

from typing import get_args

import streamlit as st

from queries.definitions import help_for
from queries.labels import BANDS, VIDEO_STATUSES
from queries.videos.lists import SortBy, VideoFilters
from ui.shared.choices import search_filter, select_filter
from ui.shared.paging import requested_offset
from ui.table.address import ListAddress, Order

PAGE_SIZE = 50
SEARCH, PAGE = "find", "videos_page"
ADDRESS = ListAddress("videos_table", Order("position"), page=PAGE)
STATUS_LABELS = {"all": "All"} | VIDEO_STATUSES
BAND_LABELS = BANDS
FILTERS = (SEARCH, "status", "category", "band", PAGE)


def video_filters(categories: list[str]) -> VideoFilters:
    """The filters and the order as in the address."""
    over = (PAGE,)
    search = search_filter(SEARCH, "Title, category or tag", starts_over=over)
    with st.grid(3, min_column_width=130, vertical_alignment="bottom"):
        status = select_filter(
            "Status", "status", STATUS_LABELS, usual="all", help_text=help_for("video_status"), starts_over=over
        )
        category = select_filter("Category", "category", {name: name for name in categories}, starts_over=over)
        band = select_filter(
            "Completion", "band", BAND_LABELS, help_text=help_for("video_completion_band"), starts_over=over
        )
    order = ADDRESS.chosen(get_args(SortBy))
    return VideoFilters(
        status=status,
        category=category,
        band=band,
        search=search,
        sort_by=order.key,  # type: ignore[arg-type]  # one of SortBy
        sort_order=order.direction,
        limit=PAGE_SIZE,
        offset=requested_offset(PAGE, PAGE_SIZE),
    )


def are_filters_set(filters: VideoFilters) -> bool:
    """Whether any filter is set."""
    return bool(filters.status != "all" or filters.category or filters.band or filters.search.strip())
