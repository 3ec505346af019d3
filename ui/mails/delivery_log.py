"""The emails of one creator: those that need attention as cards, all of them as a table."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.mails import send_again
from database.frames import records
from database.mail_addresses import readable
from queries.mails.deliveries import AnyDelivery, DeliveryFilters, DeliveryOfCreatorRow, DeliveryRow, SuppressedRow
from rules.errors import InputError
from rules.formatting import counted, grouped, timed
from rules.mail_states import MAIL_STATES
from ui.mails.delivery_labels import GROUPS, SUPPRESSION_REASONS, kind_title, suppressed_kind
from ui.shared.choices import search_filter, segment_filter, select_filter
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, badge, moment, named, number, words
from ui.table.table import Column, Row, whole_list

CARDS = 10
ATTENTION = ("unknown", "failed")
SENT_AGAIN = "mail_sent_again"
MAILS = ListAddress.of("mail", Order("attention"))
SUPPRESSED = ListAddress.of("suppressed", Order("since", "desc"))
STATE_COLOURS = {
    "unknown": "orange",
    "failed": "red",
    "pending": "gray",
    "claimed": "blue",
    "sending": "blue",
    "sent": "green",
    "skipped": "violet",
    "cancelled": "gray",
}
COLUMNS = (
    Column("attention", "What needs attention", "unseen", "asc"),
    Column("creator", "Creator", "name", "asc"),
    Column("recipient", "Recipient", "name", "asc"),
    Column("state", "State", "badge", "asc"),
    Column("kind", "Kind", sorts="asc"),
    Column("subject", "Subject", sorts="asc"),
    Column("at", "When", "time", "desc"),
    Column("why", "Why"),
    Column("attempts", "Attempts", "number", "desc"),
    Column("reply", "Mail server"),
)
SHARED = ("attention", "state", "kind", "at", "why", "attempts")
OF_ONE = ("recipient", "subject", "reply")
FIELDS = {
    "creator": "creator",
    "recipient": "recipient",
    "state": "state",
    "kind": "kind",
    "subject": "subject",
    "at": "at",
    "attempts": "attempts",
}
SUPPRESSED_COLUMNS = (
    Column("address", "Address", "name", "asc"),
    Column("kind", "No longer gets", sorts="asc"),
    Column("why", "Why", sorts="asc"),
    Column("since", "Since", "time", "desc"),
)
SUPPRESSED_FIELDS = {"address": "recipient", "kind": "kind", "why": "reason", "since": "created_at"}


def delivery_filters(kinds: list[str]) -> DeliveryFilters:
    """State, kind and a part of the address, all in the URL, such as `?state=attention`."""
    over = (MAILS.page,)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        groups = {key: label for key, (label, _) in GROUPS.items()}
        group = segment_filter("State", "state", groups, "all", starts_over=over)
        kind = select_filter(
            "Kind",
            "kind",
            {one: kind_title(one) for one in kinds},
            placeholder="All kinds",
            width=160,
            starts_over=over,
        )
        recipient = search_filter("recipient", "Words of the address", label="Recipient", width=190, starts_over=over)
    return DeliveryFilters(GROUPS[group][1], kind, recipient.strip() or None)


def attention_cards(mails: pd.DataFrame, timezone: str, staff_id: UUID | None) -> None:
    """Emails that failed or may have failed, at most ten; staff may send each one again."""
    show_message(SENT_AGAIN)
    troubled = mails[mails["state"].isin(ATTENTION)]
    row_type = DeliveryRow if "recipient" in mails else DeliveryOfCreatorRow
    for mail in records(troubled.head(CARDS), row_type):
        _card(mail, timezone, staff_id)
    if len(troubled) > CARDS:
        st.caption(f"{CARDS} of {grouped(len(troubled))} emails that need attention. The table lists them all.")


def delivery_table(mails: pd.DataFrame, timezone: str, address: ListAddress) -> None:
    """Takes the frame of `queries.mails.deliveries.deliveries`, or of `all_deliveries`."""
    is_of_one = "recipient" in mails
    columns = [column for column in COLUMNS if column.key in SHARED or (column.key in OF_ONE) == is_of_one]
    row_type = DeliveryRow if is_of_one else DeliveryOfCreatorRow

    def described(part: pd.DataFrame) -> list[Row]:
        return [_row(mail, columns, timezone) for mail in records(part.drop(columns="at"), row_type)]

    timed = mails.assign(at=mails["sent_at"].fillna(mails["updated_at"]))
    whole_list(address, "Emails", columns, timed, described, FIELDS)


def what_the_states_mean() -> None:
    with st.expander("What the states mean"):
        st.markdown("\n".join(f"- **{label.text}**: {label.meaning}" for label in dict.fromkeys(MAIL_STATES.values())))


def suppressed_table(addresses: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.deliveries.suppressed_addresses`."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [
            Row(
                f"{row.recipient} {row.kind}",
                (
                    named(readable(row.recipient)),
                    suppressed_kind(row.kind),
                    SUPPRESSION_REASONS[row.reason],
                    moment(row.created_at, timezone),
                ),
            )
            for row in records(part, SuppressedRow)
        ]

    caption = "Addresses that no longer get email, with the reason"
    whole_list(SUPPRESSED, caption, SUPPRESSED_COLUMNS, addresses, described, SUPPRESSED_FIELDS)


def _row(mail: AnyDelivery, columns: Sequence[Column], timezone: str) -> Row:
    cells: dict[str, Cell] = {
        "state": badge(MAIL_STATES[mail.state].text, STATE_COLOURS[mail.state]),
        "kind": kind_title(mail.kind),
        "at": moment(mail.sent_at or mail.updated_at, timezone),
        "why": words(f"{mail.reason or ''}{_next_attempt(mail, timezone)}".strip()) or None,
        "attempts": number(mail.attempts),
    }
    if isinstance(mail, DeliveryRow):
        cells |= {
            "recipient": named(readable(mail.recipient)),
            "subject": words(mail.subject) or None,
            "reply": words(mail.smtp_reply),
        }
    if isinstance(mail, DeliveryOfCreatorRow):
        cells |= {"creator": named(mail.creator, f"id {str(mail.creator_id)[:8]}")}
    return Row(str(mail.delivery_id), tuple(cells[column.key] for column in columns if column.key in cells))


def _next_attempt(mail: AnyDelivery, timezone: str) -> str:
    """A sentence about a waiting email, nothing about others."""
    at = mail.next_attempt_at
    return "" if at is None else f" Next attempt: {timed(at.astimezone(ZoneInfo(timezone)))}."


def _card(mail: AnyDelivery, timezone: str, staff_id: UUID | None) -> None:
    label = MAIL_STATES[mail.state]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            badge = ":red-badge" if mail.state == "failed" else ":orange-badge"
            st.markdown(f"{badge}[{label.text}] **{plain(kind_title(mail.kind))}** {_to_whom(mail)}  \n{_why(mail)}")
            when = mail.updated_at.astimezone(ZoneInfo(timezone))
            st.caption(f"{timed(when)} · {counted(mail.attempts, 'attempt')}")
        if staff_id:
            _send_again_popover(mail, staff_id)


def _to_whom(mail: AnyDelivery) -> str:
    if isinstance(mail, DeliveryOfCreatorRow):
        return f"of {plain(mail.creator)}"
    return f"to {plain(readable(mail.recipient))}" if isinstance(mail, DeliveryRow) else ""


def _why(mail: AnyDelivery) -> str:
    said = mail.smtp_reply if isinstance(mail, DeliveryRow) else None
    return plain(mail.reason or "") + (f" The mail server said: {plain(said)}" if said else "")


def _send_again_popover(mail: AnyDelivery, staff_id: UUID) -> None:
    place = f"{'one' if isinstance(mail, DeliveryRow) else 'all'}_{mail.delivery_id}"  # both tabs may show the mail
    with st.popover("Send again", icon=":material/forward_to_inbox:", key=f"again_{place}"):
        st.markdown(
            "The recipient may already have this email, and would get it **twice**."
            if mail.state == "unknown"
            else "The email did not arrive. Fix the cause first, or it will fail again."
        )
        st.caption("The audit log records who sends it again.")
        st.button(
            "Send the email again",
            key=f"send_{place}",
            type="primary",
            on_click=_send_again,
            args=(staff_id, mail.creator_id, mail.delivery_id),
        )


def _send_again(staff_id: UUID, creator_id: UUID, delivery_id: UUID) -> None:
    try:
        send_again(staff_id, creator_id, delivery_id)
        keep_message(SENT_AGAIN, "The email will be sent within about a minute.")
    except InputError as error:
        keep_message(SENT_AGAIN, str(error))
