"""The finished reports of a run as one zip, built while it is sent: nothing is stored twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from database.each import Attempts
from database.failures import Item
from database.storage import NoSuchFile, StorageError, StoredFile, stored_file
from queries.exports.report_runs import RunReport
from reports.bulk import file_name

SUMMARY = "summary.txt"
GONE = "The file is no longer in storage."
UNREADABLE = "The file could not be read; download the reports again."


class _Sent(RawIOBase):
    """The target of the archive: new bytes are passed on and forgotten."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def writable(self) -> bool:
        return True

    def write(self, data: Any, /) -> int:
        self._parts.append(bytes(data))
        return len(self._parts[-1])

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


def zipped(reports: Sequence[RunReport], made_at: datetime) -> Iterator[bytes]:
    """The archive in pieces: a file per finished report, and a summary that names every creator.

    PDF and workbooks are compressed already, so they are stored as they are. A file that cannot be read is
    left out, and the summary says so; one that breaks off halfway breaks the download, so nobody takes it as complete.
    """
    sent = _Sent()
    lines = []
    attempts = Attempts("report_download")
    with ZipFile(sent, "w", ZIP_STORED) as archive:
        for report in reports:
            file = _readable(report, attempts)
            lines.append(f"{' '.join(report.creator_name.split())}: {_outcome(report, file)}")
            if isinstance(file, StoredFile):
                yield from _added(archive, sent, report, file)
        archive.writestr(_entry(SUMMARY, made_at), "\r\n".join(lines))
    yield sent.taken()


def _added(archive: ZipFile, sent: _Sent, report: RunReport, file: StoredFile) -> Iterator[bytes]:
    entry = _entry(_name(report), report.completed_at)
    entry.file_size = file.size_bytes
    with archive.open(entry, "w") as target:
        for chunk in file.chunks:
            target.write(chunk)
            yield sent.taken()


def _entry(name: str, at: datetime | None) -> ZipInfo:
    moment = (at or datetime(1980, 1, 1, tzinfo=UTC)).astimezone(UTC)
    return ZipInfo(name, (moment.year, moment.month, moment.day, moment.hour, moment.minute, moment.second))


def _readable(report: RunReport, attempts: Attempts) -> StoredFile | str:
    try:
        file = _file(report)
    except StorageError as error:
        attempts.failed(_named(report), error)
        return UNREADABLE
    attempts.succeeded(_named(report))
    return file


def _file(report: RunReport) -> StoredFile | str:
    """The file, or why there is none."""
    if not report.is_completed or report.storage_key is None:
        return f"failed. {report.reason}" if report.has_failed else "not ready yet"
    try:
        return stored_file(report.storage_key)
    except NoSuchFile:
        return GONE


def _named(report: RunReport) -> Item:
    return Item(report.creator_id, f"{report.creator_id} {report.format} {report.period}")


def _name(report: RunReport) -> str:
    return file_name(report.creator_name, report.creator_id, report.period, report.format)


def _outcome(report: RunReport, file: StoredFile | str) -> str:
    return file if isinstance(file, str) else _name(report)
