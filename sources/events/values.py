"""The simple values of events. Types are strict, so that nothing is guessed: "85" is no number, 1 is not true."""

from datetime import datetime
from typing import Annotated, Any, TypeAlias

from pydantic import BeforeValidator, Field, Strict, StringConstraints

from database.instants import BETWEEN, is_taken

LONGEST_ID, LONGEST_EVENT_ID, LONGEST_INSTANT = 500, 100, 40  # characters
LAST_SECOND = 360_000  # of a video: 100 hours
FASTEST = 16.0  # times the usual speed: the most that browsers play


def instant(value: Any) -> datetime:
    """An instant of ISO 8601 with a time zone. Raises ValueError for anything else."""
    if not isinstance(value, str) or len(value) > LONGEST_INSTANT:
        raise ValueError("write a time such as 2026-03-04T12:00:00Z")
    try:
        told = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("write a time such as 2026-03-04T12:00:00Z") from None
    if told.tzinfo is None:
        raise ValueError("it has no time zone; write Z behind it for UTC, or the distance from it, as in +01:00")
    if not is_taken(told):
        raise ValueError(f"it must lie {BETWEEN}")
    return told


Instant: TypeAlias = Annotated[datetime, BeforeValidator(instant)]
Text: TypeAlias = Annotated[str, Strict()]  # `sources.landing` checks its length and characters
Id: TypeAlias = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_ID, pattern=r"^[^\x00]*$")
]
EventId: TypeAlias = Annotated[
    str, StringConstraints(strict=True, min_length=1, max_length=LONGEST_EVENT_ID, pattern=r"^[^\x00]*$")
]
Whole: TypeAlias = Annotated[int, Strict()]
Number: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False)]
YesOrNo: TypeAlias = Annotated[bool, Strict()]
Second: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False, ge=0, le=LAST_SECOND)]
Rate: TypeAlias = Annotated[float, Strict(), Field(allow_inf_nan=False, gt=0, le=FASTEST)]
