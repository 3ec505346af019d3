"""Search, filters and order of the list of students, all in the URL."""

from typing import Any, get_args

import streamlit as st

from queries.definitions import help_for
from queries.labels import LAST_ACTIVE, STUDENT_SORTS, STUDENT_STATUSES
from queries.students.lists import LastActive, ProgressRange, StudentFilters
from queries.students.tiers import TIER_LABELS
from rules.formatting import percent_range
from ui.shared.filters import keep_in_address, take_from_address
from ui.shared.paging import requested_offset

PAGE_SIZE = 50
STATUS_LABELS = {"all": "All"} | STUDENT_STATUSES
LAST_ACTIVE_LABELS = LAST_ACTIVE
# The first is the default.
SORT_LABELS = STUDENT_SORTS
ORDER_LABELS = {"desc": "Descending", "asc": "Ascending"}
NO_FILTERS = {"search": "", "status": "all", "tier": None, "progress": None, "active": None, "page": 1}


def student_filters() -> StudentFilters:
    """The filters as chosen, or as in the address."""
    search = st.text_input(
        "Search",
        key="search",
        bind="query-params",
        placeholder="Name or email",
        icon=":material/search:",
        max_chars=100,
        on_change=_first_page,
    )
    with st.grid(6, min_column_width=120, vertical_alignment="bottom"):
        status = _choice("Status", "status", tuple(STATUS_LABELS), STATUS_LABELS, help_for("status"), is_required=True)
        tier = _choice("Tier", "tier", tuple(TIER_LABELS), {key: label.text for key, label in TIER_LABELS.items()})
        progress = _choice(
            "Progress",
            "progress",
            get_args(ProgressRange),
            {key: percent_range(key) for key in get_args(ProgressRange)},
            help_for("progress"),
        )
        last_active = _choice("Last active", "active", get_args(LastActive), LAST_ACTIVE_LABELS)
        sort_by = _choice("Sort by", "sort", tuple(SORT_LABELS), SORT_LABELS, is_required=True)
        sort_order = _choice("Order", "order", tuple(ORDER_LABELS), ORDER_LABELS, is_required=True)
    return StudentFilters(
        status=status or "all",
        progress=progress,
        last_active=last_active,
        tier=tier,
        search=search or "",
        sort_by=sort_by or "lastActive",
        sort_order=sort_order or "desc",
        limit=PAGE_SIZE,
        offset=requested_offset("page", PAGE_SIZE),
    )


def cleared_filters_button() -> None:
    """A button that shows everybody again."""
    st.button("Clear all filters", on_click=_clear)


def _choice(
    label: str,
    key: str,
    options: tuple[str, ...],
    labels: dict[str, str],
    help_text: str | None = None,
    is_required: bool = False,
) -> Any:  # the chosen option, with the type of the options
    take_from_address(key, options)
    chosen = st.selectbox(
        label,
        options,
        index=0 if is_required else None,
        format_func=lambda option: labels.get(option, option),
        placeholder="Any",
        key=key,
        help=help_text,
        on_change=_first_page,
    )
    keep_in_address(key, chosen, usual=options[0] if is_required else None)
    return chosen


def _first_page() -> None:
    st.session_state["page"] = 1


def _clear() -> None:
    st.session_state.update(NO_FILTERS)
