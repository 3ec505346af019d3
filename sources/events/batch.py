"""A batch as it was sent: each event checked by itself, so that a bad one never refuses its neighbours."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import pairwise
from typing import Any

from pydantic import ValidationError

from database.canonical import canonical
from sources.events.event import Event
from sources.events.items import Batch, Item, Rejected, Sender
from sources.events.models import EVENT
from sources.events.receipts import Marks
from sources.events.times import Clocks
from sources.events.watching import WatchedEvent

MOST_EVENTS = 500
MOST_EVENT_BYTES = 32_000
LONGEST_VALUE = 100  # characters of a rejected value that are sent back
CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "union_tag_invalid": "unknown_type",
    "union_tag_not_found": "unknown_type",
}


class Unreadable(ValueError):
    """The whole batch cannot be read: it is not JSON, or not of the form {"events": […]}."""


class TooManyEvents(Unreadable):
    """The batch has more than 500 events."""


def parsed(body: bytes) -> Mapping[str, Any]:
    """The body as an object. Raises Unreadable for anything else."""
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        raise Unreadable("This is no JSON.") from None
    if not isinstance(told, dict) or not isinstance(told.get("events"), list):
        raise Unreadable('Send an object such as {"sentAt": …, "events": [ … ]}.')
    if len(told["events"]) > MOST_EVENTS:
        raise TooManyEvents(f"A batch may have at most {MOST_EVENTS} events; it has {len(told['events']):,}.")
    return told


def read(told: Mapping[str, Any], sender: Sender, received: datetime) -> Batch:
    """Check every event of the batch. Raises Unreadable for an invalid `sentAt`."""
    try:
        clocks = Clocks.of(told.get("sentAt"), received)
    except ValueError as error:
        raise Unreadable(str(error)) from None
    marks = Marks(sender.creator_id, sender.scope)
    items: list[Item] = []
    rejected: list[Rejected] = []
    for index, raw in enumerate(told["events"]):
        found = _read_one(index, raw, sender, clocks, marks)
        if isinstance(found, Item):
            items.append(found)
        else:
            rejected.append(found)
    too_long = {one.index: one for one in _longer_than_until_the_next(items)}
    return Batch(
        tuple(item for item in items if item.index not in too_long),
        tuple(sorted([*rejected, *too_long.values()], key=lambda one: one.index)),
        clocks,
    )


def _read_one(index: int, raw: Any, sender: Sender, clocks: Clocks, marks: Marks) -> Item | Rejected:
    content = _content(raw)
    if (size_bytes := len(content.encode())) > MOST_EVENT_BYTES:
        told = f"an event may have at most {MOST_EVENT_BYTES:,} bytes; it has {size_bytes:,}"
        return rejected(index, raw, "too_large", None, None, told)
    try:
        event = EVENT.validate_python(raw)
    except ValidationError as error:
        return _as_rejected(index, raw, error)
    if (broken := _broken_rule(event, sender, clocks)) is not None:
        code, field, message = broken
        return rejected(index, raw, code, field, raw.get(field) if field else None, message)
    happened = event.happened
    at = clocks.corrected(happened)
    event = _known_here(event, sender, at)
    receipt, digest = marks.of(event.id, content)
    return Item(index, event.id, receipt, digest, event, event.fact(), happened, at)


def _known_here(event: Event, sender: Sender, at: datetime | None) -> Event:
    """The event by this server's clock, and about the student of the page."""
    changes: dict[str, Any] = {"at": at} if at != event.happened else {}
    if isinstance(event, WatchedEvent) and sender.student is not None:
        changes["student"] = sender.student
    return event.model_copy(update=changes) if changes else event


def _broken_rule(event: Event, sender: Sender, clocks: Clocks) -> tuple[str, str | None, str] | None:
    """The rule that the event breaks: code, field and sentence."""
    if sender.is_page:
        if not isinstance(event, WatchedEvent):
            return "not_allowed", "type", 'a key of a page may only send events of the type "watched"'
        if event.student is not None:
            return "not_allowed", "student", "a page says its student for the whole batch, in a signed token"
    elif isinstance(event, WatchedEvent) and event.student is None:
        return "missing", "student", "say who watched"
    if event.happened is not None and (late := clocks.impossible(event.happened, sender.is_page)) is not None:
        return late[0], "at", late[1]
    return _backwards(event, clocks) if isinstance(event, WatchedEvent) else None


def _backwards(event: WatchedEvent, clocks: Clocks) -> tuple[str, str, str] | None:
    if event.to < event.from_:
        return "backwards", "to", "the stretch ends before it begins"
    if event.to - event.from_ > clocks.playable(event.at, event.rate):
        return "too_long", "to", "nobody can have played that much since `at`"
    if event.duration is not None and event.to > event.duration + 1:
        return "beyond_the_end", "to", "the stretch ends behind the end of the video"
    return None


def _longer_than_until_the_next(items: Sequence[Item]) -> Iterator[Rejected]:
    """Stretches that go on after the next one of their session had begun."""
    played: dict[tuple[Any, ...], list[tuple[int, Item, WatchedEvent]]] = {}
    for item in items:
        event = item.event
        if isinstance(event, WatchedEvent) and event.session is not None and event.seq is not None:
            key = (event.student, event.video, event.session)
            played.setdefault(key, []).append((event.seq, item, event))
    for of_session in played.values():
        of_session.sort(key=lambda one: (one[0], one[1].index))
        for (seq, item, event), (next_seq, _, following) in pairwise(of_session):
            elapsed = (following.at - event.at).total_seconds()
            if next_seq > seq and event.to - event.from_ > Clocks.most_played(elapsed, event.rate):
                told = "it goes on after the next stretch of the session had begun"
                yield Rejected(item.index, item.id, "too_long", "to", event.to, told)


def _content(raw: Any) -> str:
    """What the event says without its id, the same for equal events."""
    return canonical({name: value for name, value in raw.items() if name != "id"}) if isinstance(raw, dict) else ""


def _as_rejected(index: int, raw: Any, error: ValidationError) -> Rejected:
    first = error.errors(include_url=False, include_context=False)[0]
    place = [str(part) for part in first["loc"]]
    field = place[1] if len(place) > 1 else "type" if first["type"].startswith("union_tag") else None
    code = CODES.get(first["type"], "invalid")
    value = raw.get(field) if isinstance(raw, dict) and field else None
    return rejected(index, raw, code, field, value, first["msg"].removeprefix("Value error, "))


def rejected(index: int, raw: Any, code: str, field: str | None, value: Any, message: str) -> Rejected:
    """An event that is not taken; long values are cut."""
    told = raw.get("id") if isinstance(raw, dict) else None
    return Rejected(index, shown(told) if isinstance(told, str) else None, code, field, shown(value), message)


def shown(value: Any) -> Any:
    """A value as the answer repeats it: short, and text that can be sent."""
    if value is None or isinstance(value, bool) or (isinstance(value, int | float) and abs(value) < 1e15):
        return value
    text = str(value)
    return (text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…").encode("utf-8", "replace").decode()
