"""How the composer is opened, with whom and about what; and what its address says."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import streamlit as st

from actions.announcement_drafts import Draft, keep_draft
from reports.addresses import MOST_IN_ADDRESS
from rules.formatting import grouped, students
from ui.account.viewer import viewer
from ui.composer.suggestions import suggested_text
from ui.navigation import announce_page
from ui.shared.acting import acting
from ui.shared.links import Link, go_to, show_link

CHOSEN, ABOUT, DRAFT, WHOM = "to", "about", "draft", "whom"  # in the address
FILTERS = ("search", "status", "tier", "progress", "active")  # in the address, as on the page of students
EVERYBODY, MATCHING = "all", "filters"
ICON = ":material/campaign:"


@dataclass(frozen=True)
class Opened:
    """What the address of the composer says: the draft, the students chosen one by one, what it is about."""

    draft_id: UUID | None
    students: tuple[UUID, ...]
    about: str


def write_to(student_ids: Sequence[UUID], about: str = "") -> None:
    """Open the composer with these students. To be called in a page's run, after a click on whatever they come from.

    `about`: a kind of signal (`queries.students.reasons.SIGNALS`), for the text to begin with. More students than an
    address can name are kept with a draft.
    """
    if len(student_ids) <= MOST_IN_ADDRESS:
        go_to(Link(announce_page(), _address(student_ids, about)))
    seen_by, draft_id = viewer(), uuid4()
    begun = suggested_text(about, seen_by.creator.name)
    with acting():
        recipients = {"students": [str(student_id) for student_id in student_ids]}
        keep_draft(seen_by.account, seen_by.creator_id, draft_id, Draft(begun.subject, begun.body, recipients), None)
        go_to(draft_address(draft_id))


def write_link(student_ids: Sequence[UUID], label: str, about: str = "") -> None:
    """A link, or for many students a button, that opens the composer with them."""
    if len(student_ids) <= MOST_IN_ADDRESS:
        show_link(Link(announce_page(), _address(student_ids, about)), label, ICON)
    elif st.button(label, icon=ICON, type="tertiary"):
        write_to(student_ids, about)


def announce_link(selected: Sequence[UUID], total: int) -> None:
    """A link to the composer for the selected rows or, without any, for all students that match the page's filters."""
    if selected:
        write_link(selected, f"Write to the {grouped(len(selected))} selected")
        return
    people = "this student" if total == 1 else f"these {students(total)}"
    show_link(Link(announce_page(), _filters_in_address()), f"Write to {people}", ICON)


def draft_address(draft_id: UUID | str) -> Link:
    """The composer, with a draft."""
    return Link(announce_page(), {DRAFT: str(draft_id)})


def draft_link(draft_id: UUID, recipients: Mapping[str, Any], label: str) -> None:
    """A link that goes on with a draft."""
    filters = {key: value for key, value in recipients.items() if key in (WHOM, *FILTERS) and isinstance(value, str)}
    show_link(Link(announce_page(), {DRAFT: str(draft_id)} | filters), label, ":material/edit_note:")


def opened() -> Opened:
    """What the address says; ids that are none are ignored."""
    named = st.query_params.get(CHOSEN, "").split(",")[:MOST_IN_ADDRESS]
    chosen = tuple(student_id for student_id in map(_id, named) if student_id)
    return Opened(_id(st.query_params.get(DRAFT, "")), chosen, st.query_params.get(ABOUT, ""))


def _address(student_ids: Sequence[UUID], about: str) -> dict[str, str]:
    named = {CHOSEN: ",".join(str(student_id) for student_id in student_ids)}
    return named | ({ABOUT: about} if about else {})


def _filters_in_address() -> dict[str, str]:
    return {key: st.query_params[key] for key in FILTERS if key in st.query_params} or {WHOM: EVERYBODY}


def _id(named: str) -> UUID | None:
    try:
        return UUID(named)
    except ValueError:
        return None
