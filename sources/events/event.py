"""What all types of events have."""

from datetime import datetime
from math import floor

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from sources import facts
from sources.events.values import EventId


class Event(BaseModel):
    """What all events have. `at` is when it happened by the sender's clock, for types that happen at an instant."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel)

    id: EventId

    @property
    def happened(self) -> datetime | None:
        """The instant that the sender's clock said."""
        return getattr(self, "at", None)

    def fact(self) -> facts.Fact:
        """What it says."""
        raise NotImplementedError


def nearest(second: float) -> int:
    """The whole second, halves up: where one stretch ends and the next begins, both are rounded alike."""
    return floor(second + 0.5)
