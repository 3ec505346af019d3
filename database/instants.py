"""Which instants a source table takes: finite ones between 1990 and 2100, as its check constraints say."""

from datetime import UTC, datetime

from database.errors import InputError

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)  # not included
BETWEEN = "between 1990 and 2100"


def is_taken(instant: datetime) -> bool:
    """Whether the instant may be stored; one without a zone is read as UTC, as the database does."""
    return EARLIEST <= (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) < END


def must_be_taken(what: str, instant: datetime) -> None:
    """Raise InputError unless the instant may be stored. `what` begins the sentence: "The end of the run"."""
    if not is_taken(instant):
        raise InputError(f"{what} is {instant:%-d %B} {instant.year}; it must lie {BETWEEN}.")
