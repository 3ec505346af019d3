"""The finished reports of a run as one zip, put together while it is sent: nothing is stored twice."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import RawIOBase
from typing import Any
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from database.storage import NoSuchFile, StoredFile, stored_file
from queries.periods import period_named
from queries.report_runs import RunReport
from reports.bulk import file_name

SUMMARY = "summary.txt"
GONE = "The file is no longer in the storage."


class _Sent(RawIOBase):
    """Where the archive is written to: what came since the last look is handed on and forgotten."""

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

    PDF and workbooks are compressed already, so they are stored as they are.
    """
    sent = _Sent()
    lines = []
    with ZipFile(sent, "w", ZIP_STORED) as archive:
        for report in reports:
            file = _file(report)
            lines.append(f"{' '.join(report.creator_name.split())}: {_outcome(report, file is not None)}")
            if file is not None:
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


def _file(report: RunReport) -> StoredFile | None:
    if not report.is_completed or report.storage_key is None:
        return None
    try:
        return stored_file(report.storage_key)
    except NoSuchFile:
        return None


def _name(report: RunReport) -> str:
    return file_name(report.creator_name, report.creator_id, period_named(report.period), report.format)


def _outcome(report: RunReport, has_file: bool) -> str:
    if has_file:
        return _name(report)
    if report.is_completed:
        return GONE
    return f"failed. {report.reason}" if report.has_failed else "not ready yet"
