"""Taking a batch: receipts, facts and counts in one transaction, so that what was answered is stored."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from database.tenancy import tenant_tx
from sources.events.batch import shown
from sources.events.event import nearest
from sources.events.items import Batch, Item, Rejected, Sender
from sources.events.receipts import added, known_digests, removed
from sources.events.watching import WatchedEvent
from sources.events.writing import written
from sources.facts import Fact, Line, Refusal, Video
from sources.freshness import note_door
from sources.landing.landing import MEANWHILE, TRIES
from sources.landing.names import Names, found
from sources.landing.portion import ERASED

STATEMENT_SECONDS = 10.0
SPARE_SECONDS = 1  # players report a little more than there is
LENGTHS = text(
    """
    -- One row per video.
    select
        id,
        duration_seconds
    from videos
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
    """
)


@dataclass(frozen=True)
class Taken:
    """What became of a batch: how many events were new, known, or known with another content; and those refused."""

    accepted: int
    duplicate: int
    conflicting: int
    rejected: tuple[Rejected, ...]


@dataclass
class _Sorted:
    """Items by what their receipts say."""

    new: list[Item] = field(default_factory=list)
    duplicate: int = 0
    conflicting: int = 0


class TooBusy(RuntimeError):
    """What the batch refers to was changed by others again and again; it is to be sent once more."""


def take(sender: Sender, batch: Batch) -> Taken:
    """Store the batch. It is committed when this returns. Raises TooBusy if nothing was stored."""
    for _ in range(TRIES):
        try:
            return _taken(sender, batch)
        except DBAPIError as error:
            if not isinstance(error.orig, MEANWHILE):
                raise
    raise TooBusy


def _taken(sender: Sender, batch: Batch) -> Taken:
    with tenant_tx(sender.creator_id, STATEMENT_SECONDS) as connection:
        told = _by_receipts(connection, sender, batch)
        lengths = _lengths(connection, sender.creator_id, told.new)
        late = list(_beyond_the_end(told.new, lengths))
        refused = {one.index for one in late}
        landing = [item for item in told.new if item.index not in refused]
        late += _landed(connection, sender, landing, lengths)
        refused = {one.index for one in late}
        removed(connection, sender.creator_id, [item.receipt for item in told.new if item.index in refused])
        taken = Taken(
            len(told.new) - len(refused),
            told.duplicate,
            told.conflicting,
            tuple(sorted([*batch.rejected, *late], key=lambda one: one.index)),
        )
        newest = max((item.at for item in told.new if item.at and item.index not in refused), default=None)
        note_door(connection, sender.creator_id, sender.door, _outcomes(taken), newest)
    return taken


def _outcomes(taken: Taken) -> Mapping[str, int]:
    counted = {"accepted": taken.accepted, "duplicate": taken.duplicate, "conflicting": taken.conflicting}
    return counted | Counter(one.code for one in taken.rejected)


def _by_receipts(connection: Connection, sender: Sender, batch: Batch) -> _Sorted:
    """Add the receipts; of several events with one id the first counts."""
    first: dict[UUID, Item] = {}
    for item in batch.items:
        first.setdefault(item.receipt, item)
    clocks = batch.clocks
    new = added(connection, sender.creator_id, first.values(), clocks.skew_minutes, clocks.received) if first else set()
    known = {one: item.digest for one, item in first.items() if one in new}
    if len(new) < len(first):
        known |= known_digests(connection, sender.creator_id, [one for one in first if one not in new])
    told = _Sorted()
    for item in batch.items:
        if item.receipt in new and first[item.receipt] is item:
            told.new.append(item)
        elif known.get(item.receipt) == item.digest:
            told.duplicate += 1
        else:
            told.conflicting += 1
    return told


def _lengths(connection: Connection, creator_id: UUID, items: Iterable[Item]) -> Mapping[str, int | None]:
    """The known lengths of the videos that were watched, by the sender's ids; None for an unknown one."""
    watched = dict.fromkeys(item.event.video for item in items if isinstance(item.event, WatchedEvent))
    if not watched:
        return {}
    ids = found(connection, Names(creator_id, ""), "video", watched)
    asked = {"creator_id": creator_id, "ids": [str(one) for one in ids.values()]}
    seconds = {row.id: row.duration_seconds for row in connection.execute(LENGTHS, asked)} if ids else {}
    return {own: seconds.get(ids[own]) if own in ids else None for own in watched}


def _beyond_the_end(items: Iterable[Item], lengths: Mapping[str, int | None]) -> Iterator[Rejected]:
    for item in items:
        if isinstance(item.event, WatchedEvent):
            length = lengths[item.event.video]
            if length is not None and item.event.to > length + SPARE_SECONDS:
                message = f"the stretch ends behind the end of the video, which has {length:,} seconds"
                yield Rejected(item.index, item.id, "beyond_the_end", "to", item.event.to, message)


def _landed(
    connection: Connection, sender: Sender, items: Sequence[Item], lengths: Mapping[str, int | None]
) -> list[Rejected]:
    """Write the facts; returns the items that the landing refused."""
    if not items:
        return []
    lines = [Line(item.index, (*_length_of(item, lengths), item.fact)) for item in items]
    by_index = {item.index: item for item in items}
    refused: dict[int, Rejected] = {}
    for refusal in written(connection, sender.creator_id, sender.door, lines):
        refused.setdefault(refusal.line, _as_rejected(by_index[refusal.line], refusal))
    return list(refused.values())


def _length_of(item: Item, lengths: Mapping[str, int | None]) -> tuple[Fact, ...]:
    """The length that a player says, of a video whose length nobody said."""
    event = item.event
    if isinstance(event, WatchedEvent) and event.duration and lengths.get(event.video) is None:
        return (Video(event.video, duration_seconds=max(nearest(event.duration), nearest(event.to))),)
    return ()


def _as_rejected(item: Item, refusal: Refusal) -> Rejected:
    code = "erased" if refusal.rule == ERASED else "invalid"
    return Rejected(item.index, item.id, code, refusal.column, shown(refusal.value), refusal.rule)
