"""Links from a list of students to an announcement, and the recipients in the address."""

from uuid import UUID

import streamlit as st

from queries.students.lists import StudentFilters
from queries.students.tiers import TIER_LABELS
from rules.formatting import grouped, percent_range, students
from ui.navigation import announce_page
from ui.shared.links import Link, show_link
from ui.students.filters import LAST_ACTIVE_LABELS, STATUS_LABELS

CHOSEN = "to"  # in the address: the ids of students chosen one by one
FILTERS = ("search", "status", "tier", "progress", "active")  # in the address, as on the page of students
MOST_CHOSEN = 50  # rows of a page


def announce_link(selected: list[UUID], total: int) -> None:
    """A link to the announcement page for the selected rows or, without any, for all students that match."""
    whom = {CHOSEN: ",".join(str(student_id) for student_id in selected)} if selected else _filters_in_address()
    count = len(selected) or total
    people = "this student" if count == 1 else f"these {students(count)}"
    label = f"Write to the {grouped(count)} selected" if selected else f"Write to {people}"
    show_link(Link(announce_page(), whom), label=label, icon=":material/campaign:")


def chosen_students() -> list[UUID]:
    """The students listed in the address by id; invalid ids are ignored."""
    named = st.query_params.get(CHOSEN, "").split(",")[:MOST_CHOSEN]
    return [student_id for student_id in map(_id, named) if student_id]


def filters_in_words(filters: StudentFilters) -> str:
    """Such as "Status: At risk · Progress: 26 to 50%"; "All students" without filters."""
    said = [
        f"Search: {filters.search}" if filters.search else "",
        f"Status: {STATUS_LABELS[filters.status]}" if filters.status != "all" else "",
        f"Tier: {TIER_LABELS[filters.tier].text}" if filters.tier else "",
        f"Progress: {percent_range(filters.progress)}" if filters.progress else "",
        f"Last active: {LAST_ACTIVE_LABELS[filters.last_active]}" if filters.last_active else "",
    ]
    return " · ".join(part for part in said if part) or "All students"


def _filters_in_address() -> dict[str, str]:
    return {key: st.query_params[key] for key in FILTERS if key in st.query_params}


def _id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None
