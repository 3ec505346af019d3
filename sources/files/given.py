"""A file of rows that somebody gave: its name, size and bytes, and what kind of file they say it is."""

import codecs
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from database.storage import stored_file, stored_size
from rules.errors import InputError

READ_BYTES = 1024 * 1024
SAMPLE_BYTES = 2 * 1024 * 1024
MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
WORKBOOKS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
NOT_ROWS = "The file is neither text nor a workbook. Export it as CSV or as an Excel workbook (.xlsx)."
BROKEN = (
    "The file has bytes that are neither UTF-8 nor Windows text. Export it again as “CSV UTF-8”, or name its encoding."
)


@dataclass(frozen=True)
class GivenFile:
    """A file: `chunks` begins anew each time it is called."""

    name: str
    size_bytes: int
    chunks: Callable[[], Iterator[bytes]]

    @property
    def kind(self) -> Literal["excel", "engagement", "tracking", "text"]:
        """By its first bytes: a workbook, Wistia's engagement, a tracking log of Open edX, else text in columns."""
        first = next(self.chunks(), b"")
        if first.startswith(WORKBOOKS):
            return "excel"
        if not first.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{"):
            return "text"
        if b'"engagement_data"' in first:
            return "engagement"
        return "tracking" if b'"context"' in first and (b'"event"' in first or b'"data"' in first) else "text"


def file_at(path: Path) -> GivenFile:
    """A file of this computer. Raises InputError if it cannot be read."""
    try:
        size_bytes = path.stat().st_size
        with path.open("rb"):
            return GivenFile(path.name, size_bytes, lambda: _chunks_of(path))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def file_in_storage(key: str, name: str) -> GivenFile:
    """A stored file, under the name it was given by its owner. Raises StorageError."""
    return GivenFile(name, stored_size(key), lambda: stored_file(key).chunks)


def beginning(file: GivenFile) -> GivenFile:
    """The first megabytes of a text, up to the end of a line; a workbook or a small file as it is."""
    if file.size_bytes <= SAMPLE_BYTES or file.kind in ("excel", "engagement"):
        return file
    first = b""
    for chunk in file.chunks():
        first += chunk
        if len(first) >= SAMPLE_BYTES:
            break
    cut = first[: first.rfind(b"\n", 0, SAMPLE_BYTES - 1) + 1]
    if first.startswith(codecs.BOM_UTF16_LE):
        cut += b"\0"  # a character has two bytes, and the second one of the line's end is zero
    return GivenFile(file.name, len(cut), lambda: iter([cut]))


def file_hash(file: GivenFile) -> str:
    """SHA-256 of the content: the same file is known again whatever its name."""
    found = hashlib.sha256()
    for chunk in file.chunks():
        found.update(chunk)
    return found.hexdigest()


def encoding_of(file: GivenFile) -> str:
    """By its mark, else UTF-8 if the whole file is that, else Windows-1252. Raises InputError for anything else.

    The whole file is looked at: its first foreign letter may be in its last line.
    """
    first = next(file.chunks(), b"")
    for mark, encoding in MARKS:
        if first.startswith(mark):
            return encoding
    if b"\0" in first:
        raise InputError(NOT_ROWS)
    for encoding in ("utf-8", "cp1252"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            for chunk in file.chunks():
                decoder.decode(chunk)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise InputError(BROKEN)


def known_encoding(name: str) -> str:
    """An encoding that somebody named. Raises InputError for an unknown one, or one that is no encoding of text."""
    try:
        found = codecs.lookup(name)
    except (LookupError, ValueError):
        raise InputError(
            f'"{name[:40]}" is not a known encoding; write one such as utf-8, cp1250 or gb18030.'
        ) from None
    if not getattr(found, "_is_text_encoding", True):
        raise InputError(f'"{name[:40]}" is no encoding of text; write one such as utf-8, cp1250 or gb18030.')
    return found.name


def _chunks_of(path: Path) -> Iterator[bytes]:
    with path.open("rb") as opened:
        while chunk := opened.read(READ_BYTES):
            yield chunk
