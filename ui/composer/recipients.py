"""Who gets a message: chosen one by one, by filters, or everybody; nobody until one of them was chosen."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from database.mail_addresses import readable
from database.tenancy import PAGE_SECONDS, tenant_snapshot_tx
from queries.mails.announcement_audience import SKIP_REASONS, AudienceRow, audience, audience_of
from queries.students.lists import StudentFilters
from queries.students.tiers import TIER_LABELS
from rules.formatting import grouped, percent_range
from rules.sentences import always
from ui.composer.opening import EVERYBODY, FILTERS, MATCHING, WHOM
from ui.composer.sentences import chosen_in_words, reached_in_words
from ui.composer.writing import Writing
from ui.shared.choices import optional_segments
from ui.shared.empty import nothing_yet
from ui.shared.links import student_link
from ui.shared.people import told_apart
from ui.students.filters import LAST_ACTIVE_LABELS, STATUS_LABELS, student_filters
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, named
from ui.table.table import Column, Row, whole_list

QUIET = "announcement_quiet_days"
QUIET_DAYS = (0, 1, 3, 7, 14, 30)
USUAL_QUIET_DAYS = 3
FEW = 100
PEOPLE_COLUMNS = (Column("name", "Student", "name", "asc"), Column("why", "Reason", sorts="asc"))
PEOPLE_FIELDS = {"name": "name", "why": "skipped_because"}
WHOM_LABELS = {MATCHING: "Students by filters", EVERYBODY: "All students"}


@dataclass(frozen=True)
class Whom:
    """The students chosen one by one, or those that match the filters; with neither, nobody."""

    in_words: str
    kept: Mapping[str, Any]  # as a draft keeps it
    students: tuple[UUID, ...] = ()
    filters: StudentFilters | None = None
    quiet_days: int = USUAL_QUIET_DAYS


def recipients_choice(now: Writing) -> Whom:
    """The students of the address or of the draft; otherwise the choice of filters or everybody."""
    chosen = now.opened.students or _kept_students(now)
    if chosen:
        st.markdown(chosen_in_words(len(chosen)))
        ids = [str(student_id) for student_id in chosen]
        return Whom("Chosen one by one", {"students": ids}, students=chosen, quiet_days=_quiet_days(len(chosen)))
    whom = _whom()
    if whom == EVERYBODY:
        return Whom("All students", {WHOM: EVERYBODY}, filters=StudentFilters(), quiet_days=_quiet_days())
    filters = replace(student_filters(), offset=0) if whom == MATCHING else StudentFilters()
    if _is_unlimited(filters):
        return Whom("Nobody", {})
    kept = {key: st.query_params[key] for key in FILTERS if key in st.query_params}
    return Whom(filters_in_words(filters), {WHOM: MATCHING, **kept}, filters=filters, quiet_days=_quiet_days())


def audience_of_choice(creator_id: UUID, whom: Whom) -> pd.DataFrame:
    """Recipients, and skipped students with the reason; no row while nobody is chosen."""
    if whom.filters:
        return audience_of(creator_id, whom.filters, whom.quiet_days)
    return audience(creator_id, whom.students, whom.quiet_days)


def audience_now(creator_id: UUID, shown: pd.DataFrame, quiet_days: int) -> list[AudienceRow]:
    """What was shown may be minutes old: who gets it is read again before any email is queued."""
    with tenant_snapshot_tx(creator_id, PAGE_SECONDS):
        return records(audience(creator_id, shown["student_id"].tolist(), quiet_days), AudienceRow)


def audience_shown(whom: Whom, chosen: pd.DataFrame) -> None:
    """How many students get it, who they are, and who is skipped and why."""
    if not whom.students and not whom.filters:
        st.caption(always("Nobody is selected yet. Select students on the Students page, or choose them here."))
        return
    if chosen.empty and whom.filters:
        nothing_yet("No students match.", "Change the filters, or invite students first.")
        return
    reached, skipped = chosen[chosen["skipped_because"].isna()], chosen[chosen["skipped_because"].notna()]
    st.markdown(reached_in_words(len(reached), len(chosen)))
    if len(reached):
        who = st.expander(f"Recipients ({grouped(len(reached))})", key="announcement_reached", on_change="rerun")
        if who.open or len(reached) <= FEW:  # a long list is only sent to the browser on request
            with who:
                _people_table(reached, "reached", "Recipients")
    if len(skipped):
        with st.expander(f"Skipped students ({grouped(len(skipped))})", expanded=True):
            _people_table(skipped, "skipped", "Skipped students")


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


def _whom() -> str | None:
    """Somebody who comes with filters means the students that match them."""
    return optional_segments("Whom", WHOM, WHOM_LABELS, MATCHING if _has_filters() else None)


def _has_filters() -> bool:
    return any(key in st.query_params for key in FILTERS)


def _is_unlimited(filters: StudentFilters) -> bool:
    return filters == StudentFilters(sort_by=filters.sort_by, sort_order=filters.sort_order, limit=filters.limit)


def _kept_students(now: Writing) -> tuple[UUID, ...]:
    kept = (now.recipients or {}).get("students")
    return tuple(map(UUID, kept)) if isinstance(kept, list) else ()


def _quiet_days(chosen: int = 0) -> int:
    """Somebody who writes to one student means this one, whatever they got before."""
    st.session_state.setdefault(QUIET, 0 if chosen == 1 else USUAL_QUIET_DAYS)
    days: int = st.selectbox(
        "Skip students who got an announcement",
        QUIET_DAYS,
        format_func=lambda days: (
            "Nobody" if not days else f"in the last {days} days" if days > 1 else "in the last day"
        ),
        key=QUIET,
    )
    return days


def _people_table(people: pd.DataFrame, name: str, caption: str) -> None:
    columns = PEOPLE_COLUMNS if people["skipped_because"].notna().any() else PEOPLE_COLUMNS[:1]

    def described(part: pd.DataFrame) -> list[Row]:
        return [
            Row(str(row.student_id), _person(row)[: len(columns)], student_link(row.student_id).href)
            for row in records(part, AudienceRow)
        ]

    whole_list(ListAddress.of(name, Order("name")), caption, columns, people, described, PEOPLE_FIELDS, page_size=20)


def _person(row: AudienceRow) -> tuple[Cell, ...]:
    address = readable(row.email) if row.email else None
    return named(*told_apart(row.name, address, row.student_id)), SKIP_REASONS.get(row.skipped_because or "")
