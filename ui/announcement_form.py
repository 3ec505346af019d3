"""Writing an announcement: the text, how it will arrive, who gets it, when."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.announcements import Sending, announce
from database.announcements import LONGEST_BODY, LONGEST_SUBJECT, Announcement
from database.clock import now
from database.errors import InputError
from database.local_time import first_instant
from queries.announcement_audience import SKIP_REASONS, audience
from reports.announcement import announcement_mail
from ui.navigation import announcement_page
from ui.viewer import Viewer

DRAFT = "announcement_draft_id"
QUIET_DAYS = (0, 1, 3, 7, 14, 30)
USUAL_QUIET_DAYS = 3
FARTHEST = timedelta(days=365)
NOW, LATER = "Now", "Later"


def text_fields() -> tuple[str, str]:
    """Subject and text as typed."""
    subject = st.text_input("Subject", max_chars=LONGEST_SUBJECT, key="announcement_subject")
    body = st.text_area(
        "Text",
        max_chars=LONGEST_BODY,
        height=260,
        key="announcement_body",
        help="Markdown: **bold**, *slanted*, lists with -, links as [words](https://…). Pictures are left out.",
    )
    return subject, body


def preview(subject: str, body: str, creator_name: str) -> None:
    """The mail as it will arrive, or what is missing."""
    if not subject.strip() or not body.strip():
        st.caption("Write a subject and a text to see the mail.")
        return
    try:
        mail = announcement_mail(Announcement.typed(subject, body), creator_name)
    except InputError as error:
        st.error(str(error))
        return
    as_html, as_text = st.tabs(["As a mail", "As plain text"])
    with as_html:
        st.html(mail.html)
    with as_text:
        st.code(mail.text, language=None, wrap_lines=True)


def recipients_preview(creator_id: UUID, student_ids: list[UUID]) -> pd.DataFrame:
    """Who gets it and who does not, and why; the frame of `queries.announcements.audience`."""
    quiet_days = st.selectbox(
        "Leave out who had an announcement",
        QUIET_DAYS,
        index=QUIET_DAYS.index(USUAL_QUIET_DAYS),
        format_func=lambda days: (
            "Nobody" if not days else f"in the last {days} days" if days > 1 else "in the last day"
        ),
        key="announcement_quiet_days",
    )
    chosen = audience(creator_id, student_ids, quiet_days)
    skipped = chosen[chosen["skipped_because"].notna()]
    reached = chosen[chosen["skipped_because"].isna()]
    st.markdown(f"**{len(reached):,} of {len(chosen):,}** students get it.")
    if len(reached):
        with st.expander(f"Who gets it ({len(reached):,})"):
            _people_table(reached, "E-mail", reached["email"], "Who gets it")
    if len(skipped):
        with st.expander(f"Who is left out, and why ({len(skipped):,})", expanded=True):
            _people_table(skipped, "Why not", skipped["skipped_because"].map(SKIP_REASONS), "Who is left out")
    return chosen


def send_form(seen_by: Viewer, subject: str, body: str, chosen: pd.DataFrame, how_chosen: str) -> None:
    """Now or later, then the button; afterwards the announcement's own page."""
    zone = seen_by.creator.timezone
    due_at = _due_at(zone)
    count = int(chosen["skipped_because"].isna().sum())
    label = f"Send to {count:,} {'student' if count == 1 else 'students'}"
    if not st.button(label, type="primary", icon=":material/send:", disabled=not count, key="send_announcement"):
        return
    try:
        draft_id: UUID = st.session_state.setdefault(DRAFT, uuid4())
        sending = Sending(draft_id, Announcement.typed(subject, body), how_chosen, due_at, zone)
        announce(seen_by.account, seen_by.creator_id, sending, chosen)
    except InputError as error:
        st.error(str(error))
        return
    del st.session_state[DRAFT]
    st.switch_page(announcement_page(), query_params={"id": str(draft_id)})


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
            format_func=lambda hour: f"{hour:02d}:00",
            key="announcement_hour",
            help=f"In your time zone, {zone.replace('_', ' ')}.",
        )
    return max(first_instant(day, hour, ZoneInfo(zone)), now())


def _people_table(people: pd.DataFrame, column: str, values: "pd.Series[str]", alt: str) -> None:
    st.dataframe({"Student": people["name"], column: values}, hide_index=True, height=240, alt=alt)
