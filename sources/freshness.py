"""How alive each door is: when it was last heard, how much came in 24 hours, and what was refused, by code."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import now
from database.tenancy import reading_tx, tenant_tx

SLOTS = 4
DAYS_KEPT = 35
NOT_REFUSED = ("accepted", "duplicate", "conflicting")

NOTE = text(
    """
    insert into door_counts (creator_id, door, hour_at, outcome, slot, events, last_event_at, last_heard_at)
    select
        :creator_id,
        :door,
        date_trunc('hour', cast(:heard_at as timestamptz)),
        given.outcome,
        :slot,
        given.events,
        case when given.outcome = 'accepted' then cast(:last_event_at as timestamptz) end,
        :heard_at
    from unnest(cast(:outcomes as text[]), cast(:events as bigint[])) as given (outcome, events)
    order by given.outcome asc
    on conflict (creator_id, door, hour_at, outcome, slot) do update
    set
        events = door_counts.events + excluded.events,
        last_event_at = greatest(door_counts.last_event_at, excluded.last_event_at),
        last_heard_at = greatest(door_counts.last_heard_at, excluded.last_heard_at)
    """
)
DOORS = text(
    """
    -- One row per door and outcome that was heard in 35 days.
    select
        door,
        outcome,
        coalesce(sum(events) filter (where hour_at > cast(:now as timestamptz) - interval '24 hours'), 0) as events,
        max(last_event_at) as last_event_at,
        max(last_heard_at) as last_heard_at
    from door_counts
    where creator_id = :creator_id
    group by
        door,
        outcome
    order by
        door asc,
        outcome asc
    """
)
FORGET = text("delete from door_counts where creator_id = :creator_id and hour_at < :before")


@dataclass(frozen=True)
class Door:
    """A door that facts came through in the last 35 days; counts are those of the last 24 hours."""

    name: str
    last_event_at: datetime | None  # when the newest accepted event happened
    last_heard_at: datetime
    accepted: int
    duplicate: int
    conflicting: int
    refused: Mapping[str, int]  # by code


def note_door(
    connection: Connection,
    creator_id: UUID,
    door: str,
    outcomes: Mapping[str, int],
    last_event_at: datetime | None = None,
) -> None:
    """Count what came through a door, by outcome. Last in a transaction: others wait for its rows until the commit."""
    counted = {outcome: events for outcome, events in outcomes.items() if events}
    if counted:
        connection.execute(
            NOTE,
            {
                "creator_id": creator_id,
                "door": door,
                "slot": random.randrange(SLOTS),  # noqa: S311
                "outcomes": list(counted),
                "events": list(counted.values()),
                "last_event_at": last_event_at,
                "heard_at": now(),
            },
        )


def doors(creator_id: UUID) -> list[Door]:
    """Every door that was heard in 35 days, by name."""
    with reading_tx(creator_id) as connection:
        rows = connection.execute(DOORS, {"creator_id": creator_id, "now": now()}).all()
    return [_door(name, [row for row in rows if row.door == name]) for name in dict.fromkeys(row.door for row in rows)]


def forget_old_counts(creator_id: UUID) -> int:
    """Delete counts of hours that no page shows any more; returns how many rows there were."""
    with tenant_tx(creator_id) as connection:
        before = now() - timedelta(days=DAYS_KEPT)
        return connection.execute(FORGET, {"creator_id": creator_id, "before": before}).rowcount


def _door(name: str, rows: Sequence[Any]) -> Door:
    events = {row.outcome: int(row.events) for row in rows}
    return Door(
        name,
        max((row.last_event_at for row in rows if row.last_event_at), default=None),
        max(row.last_heard_at for row in rows),
        events.get("accepted", 0),
        events.get("duplicate", 0),
        events.get("conflicting", 0),
        {code: count for code, count in events.items() if code not in NOT_REFUSED and count},
    )
