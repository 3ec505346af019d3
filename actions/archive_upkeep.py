"""Archiving for all creators who chose it, and the clean-up of files that nothing needs."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from actions.archive_erasures import FILE_LEFT
from actions.archives import archive_old_rows, forget_file
from database.archive_files import FOLDER
from database.each import each, of_row
from database.failures import Item
from database.storage import NoSuchFile, all_stored_keys, file_item, remove_file, remove_unfinished_files
from database.tenancy import JOB_SECONDS, platform_tx

logger = logging.getLogger(__name__)

SECONDS_OF_A_WRITER = 3600  # writing a portion never takes this long
MISSING = "The file of an archive is no longer in storage. Restore it from a backup of the storage."

CHOSEN = text(
    """
    -- One row per creator and kind that is archived.
    select
        creator_id,
        kind
    from archive_choices
    where is_on
    order by
        creator_id asc,
        kind asc
    """
)
FILES = text(
    """
    -- One row per archive of any creator; is_left says that nobody is at work on it.
    select
        creator_id,
        id,
        state,
        storage_key,
        (
            state = 'let_go'
            or (state = 'writing' and begun_at < clock_timestamp() - make_interval(secs => :seconds))
        ) as is_left
    from archives
    """
)


@dataclass(frozen=True, slots=True)
class FoundArchive:
    """One row per archive of any creator."""

    creator_id: UUID
    id: UUID
    state: str
    storage_key: str
    is_left: bool


@dataclass(frozen=True)
class Night:
    """The results of a night."""

    rows_archived: int
    files_removed: int
    files_missing: int


def archive_for_all(stops: Callable[[], bool] = lambda: False) -> Night:
    """Archive what has become old enough, remove files that nothing needs, and record those that are missing."""
    with platform_tx(JOB_SECONDS) as connection:
        chosen = [(row.creator_id, row.kind) for row in connection.execute(CHOSEN)]
    archived = each(chosen, lambda one: archive_old_rows(*one, stops), "archiving", lambda one: Item(*one))
    return Night(sum(archived), _files_removed(), _files_missing())


def _files_removed() -> int:
    """A row names its file before the file exists, and the file is removed before the row: so files, then rows."""
    keys = set(all_stored_keys(FOLDER))
    rows = _archives()
    left = [row for row in rows if row.is_left]
    unknown = sorted(keys - {row.storage_key for row in rows})
    removed = each(left, lambda row: forget_file(row.creator_id, row.id, row.storage_key), FILE_LEFT, of_row)
    each(unknown, remove_file, FILE_LEFT, file_item)
    return sum(removed) + len(unknown) + remove_unfinished_files(FOLDER, SECONDS_OF_A_WRITER)


def _files_missing() -> int:
    before = _archives()
    keys = set(all_stored_keys(FOLDER))
    closed = [row for row in _archives() if row.state == "closed" and row in before]

    def found(row: FoundArchive) -> bool:
        if row.storage_key not in keys:
            raise NoSuchFile(MISSING)
        return True

    return len(closed) - len(each(closed, found, "archive_without_file", of_row))


def _archives() -> list[FoundArchive]:
    with platform_tx(JOB_SECONDS) as connection:
        asked = {"seconds": SECONDS_OF_A_WRITER}
        return [FoundArchive(**row) for row in connection.execute(FILES, asked).mappings()]
