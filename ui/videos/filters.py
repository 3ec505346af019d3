"""Search, filters and order of the list of videos, all in the URL."""

from typing import Any

import streamlit as st

from queries.definitions import help_for
from queries.labels import BANDS, VIDEO_SORTS, VIDEO_STATUSES
from queries.videos.lists import VideoFilters
from ui.shared.filters import keep_in_address, take_from_address
from ui.shared.paging import requested_offset

PAGE_SIZE = 50
SEARCH, PAGE = "find", "videos_page"  # different keys from other lists, so that choices do not follow from page to page
STATUS_LABELS = {"all": "All"} | VIDEO_STATUSES
BAND_LABELS = BANDS
# The first is the default.
SORT_LABELS = VIDEO_SORTS
ORDER_LABELS = {"asc": "Ascending", "desc": "Descending"}
NO_FILTERS = {SEARCH: "", "status": "all", "category": None, "band": None, PAGE: 1}


def video_filters(categories: list[str]) -> VideoFilters:
    """The filters as chosen, or as in the address."""
    search = st.text_input(
        "Search",
        key=SEARCH,
        bind="query-params",
        placeholder="Title, category or tag",
        icon=":material/search:",
        max_chars=100,
        on_change=_first_page,
    )
    with st.grid(5, min_column_width=130, vertical_alignment="bottom"):
        status = _choice("Status", "status", list(STATUS_LABELS), STATUS_LABELS, help_for("video_status"), is_kept=True)
        category = _choice("Category", "category", categories)
        band = _choice("Completion", "band", list(BAND_LABELS), BAND_LABELS, help_for("video_completion_band"))
        sort_by = _choice("Sort by", "sort", list(SORT_LABELS), SORT_LABELS, is_kept=True)
        sort_order = _choice("Order", "order", list(ORDER_LABELS), ORDER_LABELS, is_kept=True)
    return VideoFilters(
        status=status or "all",
        category=category,
        band=band,
        search=search or "",
        sort_by=sort_by or "position",
        sort_order=sort_order or "asc",
        limit=PAGE_SIZE,
        offset=requested_offset(PAGE, PAGE_SIZE),
    )


def are_filters_set(filters: VideoFilters) -> bool:
    """Whether any filter is set."""
    return bool(filters.status != "all" or filters.category or filters.band or filters.search.strip())


def cleared_filters_button() -> None:
    """A button that shows every video again."""
    st.button("Clear all filters", on_click=_clear)


def _choice(
    label: str,
    key: str,
    options: list[str],
    labels: dict[str, str] | None = None,
    help_text: str | None = None,
    *,
    is_kept: bool = False,
) -> Any:  # the chosen option, with the type of the options
    take_from_address(key, options)
    chosen = st.selectbox(
        label,
        options,
        index=0 if is_kept else None,
        format_func=lambda option: (labels or {}).get(option, option),
        placeholder="Any",
        key=key,
        help=help_text,
        on_change=_first_page,
    )
    keep_in_address(key, chosen, usual=options[0] if is_kept else None)
    return chosen


def _first_page() -> None:
    st.session_state[PAGE] = 1


def _clear() -> None:
    st.session_state.update(NO_FILTERS)
