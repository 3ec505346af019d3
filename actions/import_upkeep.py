"""Clean-up for all creators: lists of refused lines that belong to no file any more."""

from sqlalchemy import text

from actions.file_imports import ERRORS_FOLDER
from database.each import each
from database.storage import all_stored_keys, file_item, remove_file
from database.tenancy import JOB_SECONDS, platform_tx

LISTS = text("select errors_key from file_imports where errors_key is not null")


def clean_up_imports() -> int:
    """Remove them; returns how many there were."""
    keys = list(all_stored_keys(ERRORS_FOLDER))  # listed first: a list is stored before its row says so
    with platform_tx(JOB_SECONDS) as connection:
        needed = set(connection.execute(LISTS).scalars())
    return sum(each([key for key in keys if key not in needed], _removed, "import_errors", file_item))


def _removed(key: str) -> bool:
    remove_file(key)
    return True
