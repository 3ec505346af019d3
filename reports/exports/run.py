"""An export from claim to file: written to a temporary file, stored, and only then marked as completed."""

import hashlib
import io
import logging
import os
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.exc import OperationalError

from actions.export_runs import Attempt, claim_export, complete_export, fail_export, give_back
from actions.exports import hand_over
from database.storage import StorageError, remove_file, store_file
from reports.exports.heartbeat import Heartbeat, Interrupted, NotWanted
from reports.exports.limited_file import TooLarge, limited_file
from reports.exports.request import ExportRequest
from reports.exports.writing import write_export
from reports.parts import place_of
from rules.errors import FiguresBeingBuilt, InputError
from rules.export_rules import MAX_FILE_BYTES

logger = logging.getLogger(__name__)

STATEMENT_CANCELLED = "57014"  # PostgreSQL's code for a statement timeout
NARROWER = {
    "students": "choose a status, a tier or a progress range",
    "progress": "choose one video, or students of one status",
    "chat": "choose a period or one video",
    "analytics": "choose a shorter period",
    "quiz_results": "choose a period or one quiz",
    "videos": "choose a status or a category",
    "finished": "choose a period",
}


@dataclass(frozen=True)
class Written:
    """What the temporary file holds."""

    rows: int
    size_bytes: int
    sha256: str


def never() -> bool:
    """The default: nothing stops the export."""
    return False


def run_export(creator_id: UUID, export_id: UUID, is_stopping: Callable[[], bool] = never) -> None:
    """Create the file of a pending export; does nothing if another worker has it, or it is no longer wanted.

    However it ends, the row says so; only an unreachable database raises, and leaves the
    export to the next worker. `is_stopping` says when to release it.
    """
    attempt = claim_export(creator_id, export_id)
    if attempt is None:
        return
    try:
        with Heartbeat(attempt, is_stopping) as heartbeat, limited_file(MAX_FILE_BYTES) as file:
            written = _written(attempt, file, heartbeat)
            heartbeat.check()
            _store(attempt, file, written)
    except NotWanted:
        logger.info("export %s is no longer wanted", export_id)
    except Interrupted:
        if give_back(attempt):
            hand_over(creator_id, export_id)
    except Exception as error:
        if not _is_ours_to_tell(error):
            raise
        fail_export(attempt, _in_words(error, attempt))


def _written(attempt: Attempt, file: io.BufferedRandom, heartbeat: Heartbeat) -> Written:
    request = ExportRequest.of(attempt.type, attempt.format, attempt.filters)
    rows = write_export(attempt.creator_id, request, file, heartbeat.note)
    file.flush()
    size_bytes = file.seek(0, os.SEEK_END)
    file.seek(0)
    return Written(rows, size_bytes, hashlib.file_digest(file, "sha256").hexdigest())


def _store(attempt: Attempt, file: io.BufferedRandom, written: Written) -> None:
    file.seek(0)
    store_file(attempt.storage_key, file)
    if not complete_export(attempt, written.rows, written.size_bytes, written.sha256):
        remove_file(attempt.storage_key)
        raise NotWanted


def _is_ours_to_tell(error: Exception) -> bool:
    return not isinstance(error, OperationalError | FiguresBeingBuilt) or _is_too_slow(error)


def _is_too_slow(error: Exception) -> bool:
    return getattr(getattr(error, "orig", None), "pgcode", None) == STATEMENT_CANCELLED


def _in_words(error: Exception, attempt: Attempt) -> str:
    """The error shown to the creator: what went wrong, and what to do."""
    narrower = NARROWER.get(attempt.type, "use a filter")
    if isinstance(error, TooLarge):
        limit = MAX_FILE_BYTES // 1024**2
        return f"The file would be larger than {limit} MB, the limit for an export. To make it smaller, {narrower}."
    if _is_too_slow(error):
        return f"The database took too long to respond. To ask for less, {narrower}; or try again later."
    if isinstance(error, InputError | StorageError):
        return str(error)
    # The places, not the message: a message may hold personal data.
    logger.error(
        "export %s of creator %s failed: %s %s\n%s",
        *(attempt.export_id, attempt.creator_id, type(error).__name__, place_of(error), _places(error)),
    )
    at = f" {place}" if (place := place_of(error)) else ""
    return (
        f"Something unexpected went wrong ({type(error).__name__}){at}. "
        "Try again, and contact support if the problem persists."
    )


def _places(error: Exception) -> str:
    return "".join(
        f"  {frame.filename}:{frame.lineno} {frame.name}\n" for frame in traceback.extract_tb(error.__traceback__)
    )
