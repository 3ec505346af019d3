"""The delivery of emails: of one creator, or of all for staff. Never cached: it changes by the second."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import pandas as pd
from sqlalchemy import text

from database.accounts import must_be_staff
from database.frames import frame, rows
from database.statements import sql
from database.tenancy import directory_tx
from queries.searching import patterns

SHOWN = 200  # mails
DAYS = 30

DELIVERIES = sql("queries/mails/deliveries")
COUNTS = """
    -- One row per state of the mails of the last 30 days.
    select
        state,
        count(*) as mails
    from mail_deliveries
    where
        creator_id = :creator_id
        and (updated_at > dashboard_now() - make_interval(days => :days) or state in ('pending', 'claimed', 'sending'))
    group by state
"""
KINDS = """
    -- One row per kind of mail that the creator has.
    select distinct kind
    from mail_deliveries
    where creator_id = :creator_id
    order by kind
"""
SUPPRESSED = """
    -- One row per address and kind that gets no mail, latest first.
    select
        recipient_key as recipient,
        kind,
        reason,
        created_at
    from mail_suppressions
    where creator_id = :creator_id
    order by
        created_at desc,
        recipient_key asc,
        kind asc
    limit :limit
"""
OF_ALL_CREATORS = text(sql("queries/mails/deliveries_of_all"))
COUNTS_OF_ALL = text(
    """
    -- One row per state of all creators' mails of the last 30 days.
    select
        state,
        count(*) as mails
    from mail_deliveries
    where
        updated_at > dashboard_now() - make_interval(days => :days)
        or state in ('pending', 'claimed', 'sending')
    group by state
    """
)


@dataclass(frozen=True)
class DeliveryFilters:
    """Which emails to list; None: all of them.

    Each word of `recipient` begins a word of the address; `mailing` is that of `queries.mails.mailings`, with its kind.
    """

    states: tuple[str, ...] | None = None
    kind: str | None = None
    recipient: str | None = None
    mailing: str | None = None


@dataclass(frozen=True, slots=True)
class AnyDelivery:
    """What is shown of an email to everyone."""

    creator_id: UUID
    delivery_id: UUID
    state: str
    kind: str
    reason: str | None
    attempts: int
    due_at: datetime
    next_attempt_at: datetime | None
    sent_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryRow(AnyDelivery):
    """One row per email of one creator."""

    recipient: str
    subject: str  # empty: not written yet
    period_start: date
    smtp_reply: str | None


@dataclass(frozen=True, slots=True)
class DeliveryOfCreatorRow(AnyDelivery):
    """One row per email of any creator, without recipient and content."""

    creator: str


@dataclass(frozen=True, slots=True)
class SuppressedRow:
    """One row per address and kind that gets no email."""

    recipient: str
    kind: str  # "every": all
    reason: str
    created_at: datetime


def deliveries(
    creator_id: UUID, filters: DeliveryFilters = DeliveryFilters()
) -> Annotated[pd.DataFrame, DeliveryRow]:  # frozen
    """The creator's emails of the last 30 days and those waiting, at most 200: unknown and failed ones first."""
    return frame(
        creator_id,
        DELIVERIES,
        days=DAYS,
        limit=SHOWN,
        states=list(filters.states) if filters.states else None,
        kind=filters.kind,
        patterns=patterns(filters.recipient or ""),
        mailing=filters.mailing,
    )


def delivery_counts(creator_id: UUID) -> dict[str, int]:
    """How many emails of the last 30 days are in each state."""
    return {row["state"]: row["mails"] for row in rows(creator_id, COUNTS, days=DAYS)}


def mail_kinds(creator_id: UUID) -> list[str]:
    """The kinds of email the creator has, in order."""
    return list(frame(creator_id, KINDS)["kind"])


def suppressed_addresses(creator_id: UUID) -> Annotated[pd.DataFrame, SuppressedRow]:
    """Addresses that no longer get email, the latest 200."""
    return frame(creator_id, SUPPRESSED, limit=SHOWN)


def all_deliveries(staff_id: UUID) -> Annotated[pd.DataFrame, DeliveryOfCreatorRow]:
    """Emails of all creators, like `deliveries` without recipient and content, with creator_id and creator.

    Raises NotStaff.
    """
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(OF_ALL_CREATORS, {"days": DAYS, "limit": SHOWN})
        return pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))


def all_delivery_counts(staff_id: UUID) -> dict[str, int]:
    """How many emails of all creators are in each state. Raises NotStaff."""
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        return {row.state: row.mails for row in connection.execute(COUNTS_OF_ALL, {"days": DAYS})}
