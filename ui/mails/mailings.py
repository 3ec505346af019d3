"""Emails by what they were sent with, those with failures first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from uuid import UUID

import pandas as pd
import streamlit as st

from database.frames import records
from queries.mails.deliveries import DeliveryFilters
from queries.mails.mailings import AnyMailing, MailingOfCreatorRow, MailingRow
from rules.formatting import counted, dated, grouped
from rules.sentences import sentence
from ui.mails.delivery_labels import kind_title
from ui.mails.delivery_log import local
from ui.shared.text import plain

OPENED, MAILING, KIND = "opened_mailing", "mailing", "kind_of_mailing"  # the last two are in the address


def mailings_table(mailings: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.mailings.mailings`; a click on Emails shows those of one mailing."""
    rows = records(mailings, MailingRow)
    clicked = st.session_state.get(OPENED)
    if clicked and clicked["row"] < len(rows):
        opened = rows[clicked["row"]]
        st.query_params.update({MAILING: opened.mailing, KIND: opened.kind})
        st.session_state.pop(OPENED, None)
        st.rerun()
    columns = {"Mailing": [row.subject or mailing_title(row) for row in rows], "Details": ["Open"] * len(rows)}
    _table(columns, rows, timezone)


def mailings_of_all_table(mailings: pd.DataFrame) -> None:
    """Takes the frame of `queries.mails.mailings.all_mailings`, without subjects and recipients."""
    rows = records(mailings, MailingOfCreatorRow)
    _table({"Creator": [row.creator for row in rows]}, rows, "UTC")


def opened_mailing() -> DeliveryFilters | None:
    """The emails of the mailing in the address; None without one."""
    kind, mailing = st.query_params.get(KIND), st.query_params.get(MAILING)
    return DeliveryFilters(kind=kind, mailing=mailing) if kind and mailing else None


def mailing_heading(kind: str, mailings: pd.DataFrame) -> None:
    """What the emails below were sent with, and the way back to all mailings."""
    for row in records(mailings, MailingRow):
        st.subheader(plain(row.subject or mailing_title(row)))
        st.markdown(mailing_in_words(_counts(row)))
    if mailings.empty:
        st.subheader(kind_title(kind))
    st.button("All mailings", icon=":material/arrow_back:", type="tertiary", on_click=_close)


def mailing_title(row: AnyMailing) -> str:
    """As in "Weekly digest, from 28 Sep 2026 on", for what is not written yet."""
    title = kind_title(row.kind)
    return title if _is_id(row.mailing) else f"{title}, from {dated(date.fromisoformat(row.mailing))} on"


@sentence
def mailing_in_words(counts: Mapping[str, int]) -> str:
    """How the emails of a mailing fare, what needs attention first; takes how many there are in which state."""
    labels = {
        "failed": "failed",
        "unknown": "not confirmed",
        "waiting": "waiting",
        "sent": "sent",
        "not_sent": "not sent",
    }
    parts = {label: counts[state] for state, label in labels.items() if counts[state]}
    said = parts if len(parts) == 1 else [f"{grouped(count)} {label}" for label, count in parts.items()]
    return f"{counted(counts['mails'], 'email')}: {', '.join(said)}"


def _counts(row: AnyMailing) -> dict[str, int]:
    names = ("mails", "failed", "unknown", "waiting", "sent", "not_sent")
    return {name: getattr(row, name) for name in names}


def _table(first: dict[str, list[str]], rows: Sequence[AnyMailing], timezone: str) -> None:
    table = first | {
        "Kind": [kind_title(row.kind) for row in rows],
        "State": [mailing_in_words(_counts(row)) for row in rows],
        "Latest": local(pd.Series([row.latest_at for row in rows], dtype=object), timezone),
    }
    buttons = (
        {"Details": st.column_config.ButtonColumn("Emails", key=OPENED, type="tertiary")} if "Details" in first else {}
    )
    st.dataframe(
        pd.DataFrame(table),
        hide_index=True,
        column_config=buttons
        | {
            "Mailing": st.column_config.TextColumn(width=240),
            "State": st.column_config.TextColumn(width=180),
            "Latest": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm"),
        },
        placeholder="",
        alt="Mailings with how many of their emails failed, wait and were sent",
    )


def _close() -> None:
    for key in (MAILING, KIND):
        st.query_params.pop(key, None)


def _is_id(mailing: str) -> bool:
    try:
        UUID(mailing)
    except ValueError:
        return False
    return True
