"""Receipts: an event's id counts once for ever, whatever its time is corrected to.

A receipt holds no personal data: a hash of the id, a keyed digest of the content, and times.
"""

from base64 import urlsafe_b64decode
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from database.signing import signature, signed_with
from sources.events.items import Item

# In the order of their ids: two batches with the same events wait for one another, but never both.
ADD = text(
    """
    -- One row per event that is new.
    insert into event_receipts (creator_id, id, digest, at, skew_minutes, received_at)
    select
        :creator_id,
        given.id,
        given.digest,
        given.at,
        :skew_minutes,
        :received_at
    from unnest(
        cast(:ids as uuid[]),
        cast(:digests as uuid[]),
        cast(:instants as timestamptz[])
    ) as given (id, digest, at)
    order by given.id asc
    on conflict do nothing
    returning id
    """
)
KNOWN = text(
    """
    -- One row per event that was taken before.
    select
        id,
        digest
    from event_receipts
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
    """
)
REMOVE = text("delete from event_receipts where creator_id = :creator_id and id = any(cast(:ids as uuid[]))")


class Marks:
    """The ids of receipts and the digests of contents, of one sender."""

    def __init__(self, creator_id: UUID, scope: str) -> None:
        self._creator_id = creator_id
        self._scope = scope
        # Keyed, so that nobody who reads receipts can find out by trying who watched what.
        self._key = signature("contents of events", str(creator_id)).encode()

    def of(self, event_id: str, content: str) -> tuple[UUID, UUID]:
        """The receipt's id and the digest of the content."""
        # Neither a student's id nor an event's has a NUL, so no two pairs give the same name.
        receipt = uuid5(self._creator_id, f"ingest\0{self._scope}\0{event_id}")
        digest = urlsafe_b64decode(signed_with(self._key, "an event", self._scope, content) + "=")
        return receipt, UUID(bytes=digest[:16])


def added(
    connection: Connection, creator_id: UUID, items: Iterable[Item], skew_minutes: int, received: datetime
) -> set[UUID]:
    """Add receipts of the items, each id at most once; returns the ids that are new."""
    found = list(items)
    values = {
        "creator_id": creator_id,
        "ids": [str(item.receipt) for item in found],
        "digests": [str(item.digest) for item in found],
        "instants": [item.happened.isoformat() if item.happened else None for item in found],
        "skew_minutes": skew_minutes,
        "received_at": received,
    }
    return {UUID(str(one)) for one in connection.execute(ADD, values).scalars()}


def known_digests(connection: Connection, creator_id: UUID, ids: Collection[UUID]) -> Mapping[UUID, UUID]:
    """The digests of events that were taken before, by the ids of their receipts."""
    values = {"creator_id": creator_id, "ids": [str(one) for one in ids]}
    return {UUID(str(row.id)): UUID(str(row.digest)) for row in connection.execute(KNOWN, values)}


def removed(connection: Connection, creator_id: UUID, ids: Collection[UUID]) -> None:
    """Remove the receipts of events that were not taken after all."""
    if ids:
        connection.execute(REMOVE, {"creator_id": creator_id, "ids": [str(one) for one in ids]})
