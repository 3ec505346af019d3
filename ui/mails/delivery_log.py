"""The emails of one creator: those that need attention as cards, all of them as a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
import streamlit as st

from actions.mails import send_again
from database.frames import records
from database.mail_addresses import readable
from queries.mails.deliveries import AnyDelivery, DeliveryFilters, DeliveryOfCreatorRow, DeliveryRow
from rules.errors import InputError
from rules.formatting import counted, grouped, timed
from rules.mail_states import MAIL_STATES
from ui.mails.delivery_labels import GROUPS, SUPPRESSION_REASONS, kind_title, suppressed_kind
from ui.shared.filters import keep_in_address, take_from_address
from ui.shared.flash import keep_message, show_message
from ui.shared.text import plain

CARDS = 10
ATTENTION = ("unknown", "failed")
SENT_AGAIN = "mail_sent_again"


def delivery_filters(kinds: list[str]) -> DeliveryFilters:
    """State, kind and a part of the address; the state is in the URL as `?state=attention`."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        take_from_address("state", GROUPS)
        group = st.segmented_control(
            "State",
            list(GROUPS),
            default=None if "state" in st.session_state else "all",
            required=True,
            format_func=lambda key: GROUPS[key][0],
            key="state",
        )
        keep_in_address("state", group, usual="all")
        kind = st.selectbox("Kind", kinds, index=None, format_func=kind_title, placeholder="All kinds", width=160)
        recipient = st.text_input(
            "Recipient", type="search", placeholder="Part of the address", max_chars=99, width=190
        )
    return DeliveryFilters(GROUPS[group or "all"][1], kind, (recipient or "").strip() or None)


def attention_cards(mails: pd.DataFrame, timezone: str, staff_id: UUID | None) -> None:
    """Emails that failed or may have failed, at most ten; staff may send each one again."""
    show_message(SENT_AGAIN)
    troubled = mails[mails["state"].isin(ATTENTION)]
    row_type = DeliveryRow if "recipient" in mails else DeliveryOfCreatorRow
    for mail in records(troubled.head(CARDS), row_type):
        _card(mail, timezone, staff_id)
    if len(troubled) > CARDS:
        st.caption(f"{CARDS} of {grouped(len(troubled))} emails that need attention. The table lists them all.")


def delivery_table(mails: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.deliveries.deliveries`, or of `all_deliveries`."""
    columns = {
        "Creator": mails.get("creator"),
        "State": [[MAIL_STATES[state].text] for state in mails["state"]],
        "Kind": mails["kind"].map(kind_title),
        "Recipient": mails["recipient"].map(readable) if "recipient" in mails else None,
        "Subject": mails.get("subject"),
        "When": local(mails["sent_at"].fillna(mails["updated_at"]), timezone),
        "Why": mails["reason"].fillna("") + _next_attempts(mails["next_attempt_at"], timezone),
        "Attempts": mails["attempts"],
        "Mail server": mails["smtp_reply"].fillna("") if "smtp_reply" in mails else None,
    }
    labels = {label.text: label.colour for label in MAIL_STATES.values()}
    st.dataframe(
        pd.DataFrame({title: values for title, values in columns.items() if values is not None}),
        hide_index=True,
        column_config={
            "State": st.column_config.MultiselectColumn(options=list(labels), color=list(labels.values())),
            "Recipient": st.column_config.TextColumn(width=200),
            "Why": st.column_config.TextColumn(width=280),
            "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        placeholder="",
        alt="Emails with state, recipient, time and reason",
    )


def what_the_states_mean() -> None:
    with st.expander("What the states mean"):
        st.markdown("\n".join(f"- **{label.text}**: {label.meaning}" for label in dict.fromkeys(MAIL_STATES.values())))


def suppressed_table(addresses: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.deliveries.suppressed_addresses`."""
    st.dataframe(
        pd.DataFrame(
            {
                "Address": addresses["recipient"].map(readable),
                "No longer gets": addresses["kind"].map(suppressed_kind),
                "Why": addresses["reason"].map(SUPPRESSION_REASONS),
                "Since": local(addresses["created_at"], timezone),
            }
        ),
        hide_index=True,
        column_config={"Since": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
        placeholder="",
        alt="Addresses that no longer get email, with the reason",
    )


def local(instants: pd.Series[Any], timezone: str) -> pd.Series[Any]:
    """The times in the creator's time zone; set to UTC first, because a column without any value has no zone."""
    return pd.to_datetime(instants, utc=True).dt.tz_convert(timezone).dt.tz_localize(None)


def _next_attempts(instants: pd.Series[Any], timezone: str) -> pd.Series[Any]:
    """A sentence for each waiting email, nothing for the others."""
    told: pd.Series[Any] = local(instants, timezone).map(
        lambda at: "" if pd.isna(at) else f" Next attempt: {timed(at)}."
    )
    return told


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
