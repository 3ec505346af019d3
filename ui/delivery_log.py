"""The mails of one creator: what needs attention as cards, all of them as a table."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pandas as pd
import streamlit as st

from actions.mails import send_again
from database.errors import InputError
from database.frames import records
from queries.deliveries import DeliveryFilters
from ui.delivery_words import GROUPS, STATE_LABELS, SUPPRESSION_REASONS, kind_title, suppressed_kind
from ui.filters import keep_in_address, take_from_address
from ui.text import plain

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
        kind = st.selectbox("Kind", kinds, index=None, format_func=kind_title, placeholder="Every kind", width=160)
        recipient = st.text_input(
            "Recipient", type="search", placeholder="Part of the address", max_chars=99, width=190
        )
    return DeliveryFilters(GROUPS[group or "all"][1], kind, (recipient or "").strip() or None)


def attention_cards(mails: pd.DataFrame, timezone: str, staff_id: UUID | None) -> None:
    """What failed or may have failed, at most ten; staff may send each once more."""
    if SENT_AGAIN in st.session_state:
        st.success(st.session_state.pop(SENT_AGAIN), icon=":material/check:")
    troubled = mails[mails["state"].isin(ATTENTION)].fillna({"reason": "", "smtp_reply": ""})
    for mail in records(troubled.head(CARDS)):
        _card(mail, timezone, staff_id)
    if len(troubled) > CARDS:
        st.caption(f"{CARDS} of {len(troubled):,} mails that need attention. The table has them all.")


def delivery_table(mails: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.deliveries.deliveries`, or of `all_deliveries`."""
    columns = {
        "Creator": mails.get("creator"),
        "State": [[STATE_LABELS[state].text] for state in mails["state"]],
        "Kind": mails["kind"].map(kind_title),
        "Recipient": mails.get("recipient"),
        "Subject": mails.get("subject"),
        "When": local(mails["sent_at"].fillna(mails["updated_at"]), timezone),
        "Why": mails["reason"].fillna("") + _next_attempts(mails["next_attempt_at"], timezone),
        "Attempts": mails["attempts"],
        "Mail server": mails["smtp_reply"].fillna("") if "smtp_reply" in mails else None,
    }
    labels = {label.text: label.colour for label in STATE_LABELS.values()}
    st.dataframe(
        pd.DataFrame({title: values for title, values in columns.items() if values is not None}),
        hide_index=True,
        column_config={
            "State": st.column_config.MultiselectColumn(options=list(labels), color=list(labels.values())),
            "Recipient": st.column_config.TextColumn(width=200),
            "Why": st.column_config.TextColumn(width=280),
            "When": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        alt="Mails with state, recipient, time and reason",
    )


def what_the_states_mean() -> None:
    with st.expander("What the states mean"):
        st.markdown("\n".join(f"- **{label.text}**: {label.meaning}" for label in dict.fromkeys(STATE_LABELS.values())))


def suppressed_table(addresses: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.deliveries.suppressed_addresses`."""
    st.dataframe(
        pd.DataFrame(
            {
                "Address": addresses["recipient"],
                "Gets no more": addresses["kind"].map(suppressed_kind),
                "Why": addresses["reason"].map(SUPPRESSION_REASONS),
                "Since": local(addresses["created_at"], timezone),
            }
        ),
        hide_index=True,
        column_config={"Since": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm")},
        alt="Addresses that get no mail, with the reason",
    )


def local(instants: pd.Series[Any], timezone: str) -> pd.Series[Any]:
    """The creator's clock; told to be UTC first, because a column without any instant has no zone."""
    return pd.to_datetime(instants, utc=True).dt.tz_convert(timezone).dt.tz_localize(None)


def _next_attempts(instants: pd.Series[Any], timezone: str) -> pd.Series[Any]:
    """A sentence for each mail that waits, nothing for the others."""
    told: pd.Series[Any] = local(instants, timezone).dt.strftime(" Next attempt: %-d %b, %H:%M.").fillna("")
    return told


def _card(mail: dict[str, Any], timezone: str, staff_id: UUID | None) -> None:
    label = STATE_LABELS[mail["state"]]
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        with st.container(width="stretch"):
            badge = ":red-badge" if mail["state"] == "failed" else ":orange-badge"
            st.markdown(f"{badge}[{label.text}] **{plain(kind_title(mail['kind']))}** {_to_whom(mail)}  \n{_why(mail)}")
            when = pd.Timestamp(mail["updated_at"]).tz_convert(timezone)
            attempts = "1 attempt" if mail["attempts"] == 1 else f"{mail['attempts']} attempts"
            st.caption(f"{when:%-d %b %Y, %H:%M} · {attempts}")
        if staff_id:
            _send_again_popover(mail, staff_id)


def _to_whom(mail: dict[str, Any]) -> str:
    if "recipient" in mail:
        return f"to {plain(mail['recipient'])}"
    return f"of {plain(mail['creator'])}"


def _why(mail: dict[str, Any]) -> str:
    said = mail.get("smtp_reply")
    return plain(mail["reason"]) + (f" The mail server said: {plain(said)}" if said else "")


def _send_again_popover(mail: dict[str, Any], staff_id: UUID) -> None:
    place = f"{'one' if 'recipient' in mail else 'all'}_{mail['delivery_id']}"  # both tabs may show the mail
    with st.popover("Send again", icon=":material/forward_to_inbox:", key=f"again_{place}"):
        st.markdown(
            "The recipient may have this mail already, and would get it **twice**."
            if mail["state"] == "unknown"
            else "The mail did not arrive. Mend the reason first; else it will fail again."
        )
        st.caption("The audit log notes who sent it again.")
        st.button(
            "Send it once more",
            key=f"send_{place}",
            type="primary",
            on_click=_send_again,
            args=(staff_id, mail["creator_id"], mail["delivery_id"]),
        )


def _send_again(staff_id: UUID, creator_id: UUID, delivery_id: UUID) -> None:
    try:
        send_again(staff_id, creator_id, delivery_id)
        st.session_state[SENT_AGAIN] = "The mail waits to be sent; that takes about a minute."
    except InputError as error:
        st.session_state[SENT_AGAIN] = str(error)
