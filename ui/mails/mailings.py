"""Emails by what they were sent with, those with failures first."""

from __future__ import annotations

from collections.abc import Mapping
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
from ui.navigation import page_at
from ui.shared.links import Link
from ui.shared.text import plain
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, moment, named
from ui.table.table import Column, Row, whole_list

MAILING, KIND = "mailing", "kind_of_mailing"  # in the address
MAILINGS = ListAddress.of("mailings", Order("attention"))
MAILINGS_OF_ALL = ListAddress.of("mailings_of_all", Order("attention"))
CAPTION = "Mailings with how many of their emails failed, wait and were sent"
SHARED = (
    Column("kind", "Kind", sorts="asc"),
    Column("state", "State"),
    Column("latest", "Latest", "time", "desc"),
    Column("attention", "What needs attention", "unseen", "asc"),
)
FIELDS = {"kind": "kind", "latest": "latest_at"}


def mailings_table(mailings: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.mailings.mailings`; a name leads to the emails of one mailing."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [
            Row(f"{row.kind} {row.mailing}", (named(_title(row)), *_shared(row, timezone)), mailing_link(row).href)
            for row in records(part.drop(columns="title"), MailingRow)
        ]

    titled = mailings.assign(title=[_title(row) for row in records(mailings, MailingRow)])
    columns = (Column("mailing", "Mailing", "name", "asc"), *SHARED)
    whole_list(MAILINGS, CAPTION, columns, titled, described, FIELDS | {"mailing": "title"})


def mailings_of_all_table(mailings: pd.DataFrame) -> None:
    """Takes the frame of `queries.mails.mailings.all_mailings`, without subjects and recipients."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [
            Row(f"{row.creator} {row.kind} {row.mailing}", (named(row.creator), *_shared(row, "UTC")))
            for row in records(part, MailingOfCreatorRow)
        ]

    columns = (Column("creator", "Creator", "name", "asc"), *SHARED)
    whole_list(MAILINGS_OF_ALL, CAPTION, columns, mailings, described, FIELDS | {"creator": "creator"})


def mailing_link(row: AnyMailing) -> Link:
    """The email log, with the emails of one mailing."""
    return Link(page_at("delivery"), {MAILING: row.mailing, KIND: row.kind})


def opened_mailing() -> DeliveryFilters | None:
    """The emails of the mailing in the address; None without one."""
    kind, mailing = st.query_params.get(KIND), st.query_params.get(MAILING)
    return DeliveryFilters(kind=kind, mailing=mailing) if kind and mailing else None


def mailing_heading(kind: str, mailings: pd.DataFrame) -> None:
    """What the emails below were sent with, and the way back to all mailings."""
    for row in records(mailings, MailingRow):
        st.header(plain(row.subject or mailing_title(row)))
        st.markdown(mailing_in_words(_counts(row)))
    if mailings.empty:
        st.header(kind_title(kind))
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


def _title(row: MailingRow) -> str:
    return row.subject or mailing_title(row)


def _shared(row: AnyMailing, timezone: str) -> tuple[Cell, ...]:
    return kind_title(row.kind), mailing_in_words(_counts(row)), moment(row.latest_at, timezone)


def _close() -> None:
    for key in (MAILING, KIND):
        st.query_params.pop(key, None)


def _is_id(mailing: str) -> bool:
    try:
        UUID(mailing)
    except ValueError:
        return False
    return True
