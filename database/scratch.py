"""Files that are still being written: in the data folder, for this program's user only."""

import shutil
import time
from pathlib import Path

from database.data_folder import make_private
from database.each import each
from database.failures import LONGEST_ID, Item
from database.settings import settings

FOLDER = "unfinished"


def scratch_folder() -> Path:
    """The folder; created if it is missing."""
    return make_private(settings().data_dir / FOLDER)


def remove_forgotten(older_than_seconds: float) -> int:
    """Remove what killed processes left there; returns how many files and folders."""
    limit = time.time() - older_than_seconds  # the file system's clock
    left = list(scratch_folder().iterdir())
    return sum(
        each(
            left,
            lambda path: _removed_if_old(path, limit),
            "scratch_file",
            lambda path: Item(None, path.name[:LONGEST_ID]),
        )
    )


def _removed_if_old(path: Path, limit: float) -> bool:
    try:
        if path.stat().st_mtime > limit:
            return False
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)
    except FileNotFoundError:  # its writer finished meanwhile, or another process is removing it
        return False
    return True
