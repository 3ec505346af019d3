"""The announcement form: message, preview, recipients, time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.announcements import Recipient, Sending, announce
from database.announcements import LONGEST_BODY, LONGEST_SUBJECT, Announcement
from database.clock import now
from database.frames import records
from database.local_time import first_instant
from database.tenancy import PAGE_SECONDS, tenant_snapshot_tx
from mail.announcement import announcement_mail
from queries.mails.announcement_audience import SKIP_REASONS, AudienceRow, audience, audience_of
from queries.students.lists import StudentFilters
from rules.errors import InputError
from rules.formatting import counted, grouped, hour_of_day, out_of
from ui.account.viewer import Viewer
from ui.shared.empty import nothing_yet
from ui.shared.gathering import gathering
from ui.shared.links import announcement_link, go_to, student_link
from ui.shared.people import told_apart
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, named
from ui.table.table import Column, Row, whole_list

DRAFT, QUIET = "announcement_draft_id", "announcement_quiet_days"
QUIET_DAYS = (0, 1, 3, 7, 14, 30)
USUAL_QUIET_DAYS = 3
FEW = 100
FARTHEST = timedelta(days=365)
NOW, LATER = "Now", "Later"
PEOPLE_COLUMNS = (Column("name", "Student", "name", "asc"), Column("why", "Reason", sorts="asc"))
PEOPLE_FIELDS = {"name": "name", "why": "skipped_because"}


def text_fields() -> tuple[str, str]:
    """Subject and text as typed."""
    subject = st.text_input("Subject", max_chars=LONGEST_SUBJECT, key="announcement_subject")
    body = st.text_area(
        "Text",
        max_chars=LONGEST_BODY,
        height=260,
        key="announcement_body",
        help="Markdown: **bold**, *italic*, lists with -, links as [words](https://…). Images are removed.",
    )
    return subject, body


def preview(subject: str, body: str, creator_name: str) -> None:
    """The preview of the email, or what is missing."""
    if not subject.strip() or not body.strip():
        st.caption("Write a subject and a message to see the preview.")
        return
    try:
        mail = announcement_mail(Announcement.typed(subject, body), creator_name)
    except InputError as error:
        st.error(str(error))
        return
    as_html, as_text = st.tabs(["Email", "Plain text"])
    with as_html:
        st.html(mail.html)
    with as_text:
        st.code(mail.text, language=None, wrap_lines=True)


def recipients_preview(creator_id: UUID, whom: Sequence[UUID] | StudentFilters) -> pd.DataFrame:
    """Recipients, and skipped students with the reason. Takes `queries.mails.announcement_audience.audience`."""
    quiet_days = st.selectbox(
        "Skip students who got an announcement",
        QUIET_DAYS,
        index=QUIET_DAYS.index(USUAL_QUIET_DAYS),
        format_func=lambda days: (
            "Nobody" if not days else f"in the last {days} days" if days > 1 else "in the last day"
        ),
        key=QUIET,
    )
    with gathering():
        if isinstance(whom, StudentFilters):
            chosen = audience_of(creator_id, whom, quiet_days)
        else:
            chosen = audience(creator_id, whom, quiet_days)
    if chosen.empty and isinstance(whom, StudentFilters):
        nothing_yet("No students match.", "Change the filters, or invite students first.")
        st.stop()
    skipped = chosen[chosen["skipped_because"].notna()]
    reached = chosen[chosen["skipped_because"].isna()]
    st.markdown(f"**{out_of(len(reached), len(chosen))}** students will get it.")
    if len(reached):
        who = st.expander(f"Recipients ({grouped(len(reached))})", key="announcement_reached", on_change="rerun")
        if who.open or len(reached) <= FEW:  # a long list is only sent to the browser on request
            with who:
                _people_table(reached, "reached", "Recipients")
    if len(skipped):
        with st.expander(f"Skipped students ({grouped(len(skipped))})", expanded=True):
            _people_table(skipped, "skipped", "Skipped students")
    return chosen


def send_form(seen_by: Viewer, subject: str, body: str, chosen: pd.DataFrame, how_chosen: str) -> None:
    """Now or later, then the button; afterwards the announcement's own page."""
    zone = seen_by.creator.timezone
    due_at = _due_at(zone)
    count = int(chosen["skipped_because"].isna().sum())
    label = f"Send to {counted(count, 'student')}"
    if not st.button(label, type="primary", icon=":material/send:", disabled=not count, key="send_announcement"):
        return
    try:
        draft_id: UUID = st.session_state.setdefault(DRAFT, uuid4())
        sending = Sending(draft_id, Announcement.typed(subject, body), how_chosen, due_at, zone)
        announce(seen_by.account, seen_by.creator_id, sending, _reached_now(seen_by.creator_id, chosen))
    except InputError as error:
        st.error(str(error))
        return
    del st.session_state[DRAFT]
    go_to(announcement_link(draft_id))


def _reached_now(creator_id: UUID, chosen: pd.DataFrame) -> list[Recipient]:
    """What was shown may be minutes old: addresses and suppressions are read again before any email is written."""
    with tenant_snapshot_tx(creator_id, PAGE_SECONDS):
        found = audience(creator_id, chosen["student_id"].tolist(), st.session_state[QUIET])
    return [Recipient(row.student_id, row.email, row.skipped_because) for row in records(found, AudienceRow)]


def _due_at(zone: str) -> datetime:
    local_now = now().astimezone(ZoneInfo(zone))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        when = st.segmented_control("When", (NOW, LATER), default=NOW, required=True, key="announcement_when")
        if when != LATER:
            return now()
        tomorrow = local_now.date() + timedelta(days=1)
        day = st.date_input(
            "Day", tomorrow, min_value=local_now.date(), max_value=local_now.date() + FARTHEST, key="announcement_day"
        )
        hour = st.selectbox(
            "Hour",
            range(24),
            index=9,
            format_func=lambda hour: hour_of_day(hour),
            key="announcement_hour",
            help=f"Time zone: {zone.replace('_', ' ')}.",
        )
    return max(first_instant(day, hour, ZoneInfo(zone)), now())


def _people_table(people: pd.DataFrame, name: str, caption: str) -> None:
    columns = PEOPLE_COLUMNS if people["skipped_because"].notna().any() else PEOPLE_COLUMNS[:1]

    def described(part: pd.DataFrame) -> list[Row]:
        return [
            Row(str(row.student_id), _person(row)[: len(columns)], student_link(row.student_id).href)
            for row in records(part, AudienceRow)
        ]

    whole_list(ListAddress.of(name, Order("name")), caption, columns, people, described, PEOPLE_FIELDS, page_size=20)


def _person(row: AudienceRow) -> tuple[Cell, ...]:
    return named(*told_apart(row.name, row.email, row.student_id)), SKIP_REASONS.get(row.skipped_because or "")
