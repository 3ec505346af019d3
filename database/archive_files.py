"""Files of archived rows: compressed lines of JSON, with a checksum that is compared at every reading."""

import gzip
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from database.storage import StorageError, store_file, stored_bytes

FOLDER = "archives"
EXTENSION = "gz"
DAMAGED = "An archive does not read back as it was written. Nothing was changed; restore the file from a backup."


@dataclass(frozen=True)
class ArchiveFile:
    """What is recorded of a file that is stored and was read back."""

    sha256: str
    size_bytes: int


def write_archive_file(key: str, lines: Sequence[str]) -> ArchiveFile:
    """Store the lines, read them back and compare. Raises StorageError."""
    packed = gzip.compress("".join(f"{line}\n" for line in lines).encode(), mtime=0)
    store_file(key, [packed])
    written = ArchiveFile(hashlib.sha256(packed).hexdigest(), len(packed))
    if archived_lines(key, written.sha256) != list(lines):
        raise StorageError(DAMAGED)
    return written


def archived_lines(key: str, sha256: str) -> list[str]:
    """The lines of a file. Raises StorageError if it is missing, or is not what was written."""
    packed = stored_bytes(key)
    if hashlib.sha256(packed).hexdigest() != sha256:
        raise StorageError(DAMAGED)
    # JSON escapes line ends, but not what Python's splitlines takes for one.
    return gzip.decompress(packed).decode().split("\n")[:-1]


def archived_rows(key: str, sha256: str) -> list[dict[str, Any]]:
    """The same as objects: conversations ({"session", "messages"}) or events."""
    return [json.loads(line) for line in archived_lines(key, sha256)]
