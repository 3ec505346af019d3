"""Which instants a source table takes: finite ones between 1990 and 2100, as its check constraints say."""

from datetime import UTC, datetime

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
END = datetime(2100, 1, 1, tzinfo=UTC)  # not included
BETWEEN = "between 1990 and 2100"


def is_taken(instant: datetime) -> bool:
    """Whether the instant may be stored; one without a zone is read as UTC, as the database does."""
    return EARLIEST <= (instant if instant.tzinfo else instant.replace(tzinfo=UTC)) < END
