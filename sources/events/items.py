"""Events on their way: who sent them, those that may be taken, and those that may not."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sources.events.event import Event
from sources.events.times import Clocks
from sources.facts import Fact


@dataclass(frozen=True)
class Sender:
    """Whose data a batch is, through which door it came, and (from a page) which student it is about."""

    creator_id: UUID
    door: str
    student: str | None = None  # of a page; None: a server, whose events name their students

    @property
    def is_page(self) -> bool:
        return self.student is not None

    @property
    def scope(self) -> str:
        """Within it an event's id means one event: nobody's page may use up the ids of others."""
        return "" if self.student is None else self.student


@dataclass(frozen=True)
class Rejected:
    """An event that was not taken: its place in the batch, its id, and what is wrong."""

    index: int
    id: str | None
    code: str
    field: str | None
    value: Any
    message: str


@dataclass(frozen=True)
class Item:
    """An event that may be taken. `happened` is the sender's clock, `at` ours."""

    index: int
    id: str
    receipt: UUID
    digest: UUID
    event: Event
    fact: Fact
    happened: datetime | None
    at: datetime | None


@dataclass(frozen=True)
class Batch:
    """A batch that was read."""

    items: tuple[Item, ...]
    rejected: tuple[Rejected, ...]
    clocks: Clocks
