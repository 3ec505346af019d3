"""What became of each mail: of one creator, or of all for staff. Never remembered: it changes by the second."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd
from sqlalchemy import text

from database.accounts import must_be_staff
from database.frames import frame, records
from database.tenancy import platform_tx

SHOWN = 200  # mails
DAYS = 30

# Failed and unknown first, then what waits, then the rest; the latest first.
ORDER = """
        case
            when state = 'unknown' then 0
            when state = 'failed' then 1
            when state in ('pending', 'claimed', 'sending') then 2
            else 3
        end asc,
        coalesce(sent_at, updated_at) desc
"""
DELIVERIES = f"""
    -- One row per mail of the last 30 days, or that still waits: what needs attention first.
    select
        creator_id,
        id as delivery_id,
        state,
        kind,
        recipient,
        coalesce(subject, '') as subject,
        period_start,
        reason,
        smtp_reply,
        attempts,
        due_at,
        case when state = 'pending' then next_attempt_at end as next_attempt_at,
        sent_at,
        updated_at
    from mail_deliveries
    where
        creator_id = :creator_id
        and (updated_at > dashboard_now() - make_interval(days => :days) or state in ('pending', 'claimed', 'sending'))
        and (cast(:states as text[]) is null or state = any(cast(:states as text[])))
        and (cast(:kind as text) is null or kind = :kind)
        and (cast(:recipient as text) is null or position(lower(:recipient) in lower(recipient)) > 0)
    order by {ORDER.strip()},
        id asc
    limit :limit
"""
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
    -- One row per kind that the creator has mails of.
    select distinct kind
    from mail_deliveries
    where creator_id = :creator_id
    order by kind
"""
SUPPRESSED = """
    -- One row per address and kind that gets no mail, the latest first.
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
OF_ALL_CREATORS = text(
    f"""
    -- One row per mail of any creator in the last 30 days, without recipient and content: what needs attention first.
    with mails as (
        select
            creator_id,
            id,
            state,
            kind,
            reason,
            attempts,
            due_at,
            case when state = 'pending' then next_attempt_at end as next_attempt_at,
            sent_at,
            updated_at
        from mail_deliveries
        where
            updated_at > dashboard_now() - make_interval(days => :days)
            or state in ('pending', 'claimed', 'sending')
        order by {ORDER.strip()}
        limit :limit
    )

    select
        creators.id as creator_id,
        creators.name as creator,
        mails.id as delivery_id,
        mails.state,
        mails.kind,
        mails.reason,
        mails.attempts,
        mails.due_at,
        mails.next_attempt_at,
        mails.sent_at,
        mails.updated_at
    from mails
    join creators on creators.id = mails.creator_id
    order by {ORDER.strip()},
        mails.id asc
    """
)
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
    """Which mails to list; None: all of them. `recipient` is a part of the address."""

    states: tuple[str, ...] | None = None
    kind: str | None = None
    recipient: str | None = None


def deliveries(creator_id: UUID, filters: DeliveryFilters = DeliveryFilters()) -> pd.DataFrame:  # frozen
    """The creator's mails of the last 30 days and those that wait, at most 200: unknown and failed ones first.

    One row per mail: creator_id, delivery_id, state, kind, recipient, subject, period_start, reason, smtp_reply,
    attempts, due_at, next_attempt_at, sent_at, updated_at.
    """
    return frame(
        creator_id,
        DELIVERIES,
        days=DAYS,
        limit=SHOWN,
        states=list(filters.states) if filters.states else None,
        kind=filters.kind,
        recipient=filters.recipient or None,
    )


def delivery_counts(creator_id: UUID) -> dict[str, int]:
    """How many mails of the last 30 days are in which state."""
    return {row["state"]: int(row["mails"]) for row in records(frame(creator_id, COUNTS, days=DAYS))}


def mail_kinds(creator_id: UUID) -> list[str]:
    """The kinds that the creator has mails of, in order."""
    return list(frame(creator_id, KINDS)["kind"])


def suppressed_addresses(creator_id: UUID) -> pd.DataFrame:
    """Addresses that get no mail, the latest 200: recipient, kind ("every": all), reason, created_at."""
    return frame(creator_id, SUPPRESSED, limit=SHOWN)


def all_deliveries(staff_id: UUID) -> pd.DataFrame:
    """Mails of all creators, as `deliveries` without recipient and content, with creator_id and creator.

    Raises NotStaff.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        answer = connection.execute(OF_ALL_CREATORS, {"days": DAYS, "limit": SHOWN})
        return pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))


def all_delivery_counts(staff_id: UUID) -> dict[str, int]:
    """How many mails of all creators are in which state. Raises NotStaff."""
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        return {row.state: row.mails for row in connection.execute(COUNTS_OF_ALL, {"days": DAYS})}
