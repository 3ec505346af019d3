"""Immediate exports, for programs that wait for them."""

import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from actions.exports import Requester, note_request
from queries.exports.known import Export, export
from reports.exports.request import ExportRequest
from reports.exports.run import run_export
from reports.links import download_link

SECONDS_BETWEEN_LOOKS = 0.2
COMMAND_LINE = Requester("command_line", "Command line")


@dataclass(frozen=True)
class ExportResult:
    """A finished export: the signed link to its file, its size in bytes, and when the link expires.

    Without success these are None, and error_message says why.
    """

    success: bool
    download_url: str | None
    file_size: int | None
    expires_at: datetime | None
    error_message: str | None = None


def export_data(creator_id: UUID, options: ExportRequest, by: Requester = COMMAND_LINE) -> ExportResult:
    """Create the export now and return the link to its file; it appears in the history like every other.

    Waits if a worker is already writing the same export. Raises InputError for a creator below
    ENTERPRISE, and if too many exports are already waiting.
    """
    export_id = note_request(by, creator_id, options.type, options.format, options.stored_filters())
    run_export(creator_id, export_id)
    ended = _ended(creator_id, export_id)
    if ended is None or ended.status != "completed":
        return ExportResult(False, None, None, None, ended.error_message if ended else None)
    link = download_link(creator_id, export_id)
    return ExportResult(True, link.url, ended.file_size_bytes, link.expires_at)


def _ended(creator_id: UUID, export_id: UUID) -> Export | None:
    while (found := export(creator_id, export_id)) and found.is_unfinished:
        time.sleep(SECONDS_BETWEEN_LOOKS)
    return found
