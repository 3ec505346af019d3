"""The times source tables allow: finite ones between 1990 and 2100, as in their check constraints."""

from datetime import UTC, datetime

from rules.errors import InputError

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


def must_have_zone(what: str, instant: datetime) -> None:
    """Raise InputError for an instant without a time zone, which is ambiguous. `what` begins the sentence."""
    if instant.utcoffset() is None:
        raise InputError(
            f"{what} is {instant.isoformat()}, without a time zone; write {instant.isoformat()}Z for UTC, "
            f"or the distance from it, as in {instant.isoformat()}+01:00."
        )
