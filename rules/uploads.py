"""Uploads of files: how large, in which parts, and for how long."""

from datetime import timedelta

MOST_BYTES = 10 * 1024**3
MOST_BYTES_OF_ROWS = 2 * 1024**3
PART_BYTES = 8 * 1024**2
MOST_UNFINISHED = 50  # uploads per creator at the same time
ADDRESS_VALID_FOR = timedelta(hours=24)
UNFINISHED_KEPT_FOR = timedelta(days=7)  # since the last part
FAILED_KEPT_FOR = timedelta(days=7)
SILENT_SECONDS = 60.0  # after which the worker of an upload counts as dead
MOST_WORKERS_LOST = 3


def parts_of(file_bytes: int) -> int:
    """How many parts a file of this size has."""
    return -(-file_bytes // PART_BYTES)


def part_bytes(file_bytes: int, number: int) -> int:
    """The size of one part, counted from 0; only the last is smaller than the others."""
    return min(PART_BYTES, file_bytes - number * PART_BYTES)
