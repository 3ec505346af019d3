"""Files of rows in the background: checking them, importing them, recovering those of dead workers."""

import io
import logging
import time
from collections.abc import Callable
from uuid import UUID

from procrastinate import JobContext

from actions.file_import_runs import FileRun, claim_file, end_file, lost_files, note_lines
from actions.file_imports import ERRORS_FOLDER, QUEUE, TASK, UNDO, hand_over
from actions.import_upkeep import clean_up_imports
from actions.upload_files import let_go
from actions.videos import figures_follow
from database.accounts import account
from database.each import each, of_row
from database.storage import StorageError, new_key, remove_file, store_file
from jobs.app import app
from rules.errors import InputError
from sources.files.given import file_in_storage
from sources.importing import Author, Outcome, check, errors_csv, import_file
from sources.landing import undo
from sources.mappings.reading import HowToRead

logger = logging.getLogger(__name__)

SECONDS_BETWEEN_NOTES = 1.0
SILENT_SECONDS = 120.0
STORAGE_FAILED = "The storage did not answer as expected. Try again in a few minutes."


class Stopped(Exception):
    """The worker has to stop: another one goes on."""


@app.task(name=TASK, queue=QUEUE, pass_context=True)
def read_import_file(context: JobContext, creator_id: str, file_import_id: str) -> None:
    """Check or import one file; a worker that has to stop leaves it to another, which goes on."""
    run = claim_file(UUID(creator_id), UUID(file_import_id))
    if run is None:
        return
    try:
        _done(run, context.should_abort) if run.is_import else _checked(run, context.should_abort)
    except Stopped:
        hand_over(run.creator_id, run.file_import_id)
    except InputError as error:
        end_file(run, "failed", None, str(error))
    except StorageError as error:
        logger.error("file import %s: %s", run.file_import_id, error)
        end_file(run, "failed", None, STORAGE_FAILED)


@app.task(name=UNDO, queue=QUEUE)
def undo_import(creator_id: str, import_id: str) -> None:
    """Take back what one import wrote; a worker that dies on the way is replaced by one that goes on."""
    undo(UUID(creator_id), UUID(import_id))
    figures_follow(UUID(creator_id))


@app.periodic(cron="* * * * *")
@app.task(name="recover_imports", queueing_lock="recover_imports")
def recover_imports(timestamp: int = 0) -> None:
    """Take over the files of dead workers, and those that were never queued."""
    del timestamp
    found = lost_files(SILENT_SECONDS)
    each(found, lambda row: hand_over(row.creator_id, row.id), "import_hand_over", of_row)
    if found:
        logger.info("recovered %d file imports", len(found))


@app.periodic(cron="40 2 * * *")
@app.task(name="remove_old_imports", queueing_lock="remove_old_imports")
def remove_old_imports(timestamp: int = 0) -> None:
    """Remove lists of refused lines that belong to no file any more."""
    del timestamp
    logger.info("removed %d lists of refused lines", clean_up_imports())


def _checked(run: FileRun, is_stopping: Callable[[], bool]) -> None:
    found = check(run.creator_id, file_in_storage(run.storage_key, run.file_name), _how(run), _noting(run, is_stopping))
    key = _errors_kept(run, found)
    if not end_file(run, "checked", found.as_json(), errors_key=key) and key:
        remove_file(key)


def _done(run: FileRun, is_stopping: Callable[[], bool]) -> None:
    who = account(run.author_id) if run.author_id else None
    found = import_file(
        run.creator_id,
        file_in_storage(run.storage_key, run.file_name),
        _how(run),
        run.sha256,
        Author(who.name if who else "an account that is gone", who.id if who else None),
        mapping_version=run.mapping_version,
        progress=_noting(run, is_stopping),
    )
    if end_file(run, "done", found.as_json(), import_id=found.import_id):
        let_go(run.creator_id, run.upload_id)
        figures_follow(run.creator_id)


def _how(run: FileRun) -> HowToRead:
    return HowToRead(run.mapping, run.answers, run.read_as)


def _errors_kept(run: FileRun, found: Outcome) -> str | None:
    if not found.errors:
        return None
    key = new_key(ERRORS_FOLDER, run.creator_id, "csv")
    store_file(key, io.BytesIO(errors_csv(found.errors)))
    return key


def _noting(run: FileRun, is_stopping: Callable[[], bool]) -> Callable[[int], None]:
    noted = time.monotonic()

    def note(lines: int) -> None:
        nonlocal noted
        if is_stopping():
            raise Stopped
        if time.monotonic() - noted >= SECONDS_BETWEEN_NOTES:
            note_lines(run, lines)
            noted = time.monotonic()

    return note
