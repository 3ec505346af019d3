"""Files that are written and not finished yet: in the data folder, for this program's user alone."""

import shutil
import time
from pathlib import Path

from database.data_folder import make_private
from database.settings import settings

FOLDER = "unfinished"


def scratch_folder() -> Path:
    """The folder; made where it is missing."""
    return make_private(settings().data_dir / FOLDER)


def remove_forgotten(older_than_seconds: float) -> int:
    """Remove what killed processes left there; how many files and folders."""
    limit = time.time() - older_than_seconds  # the clock of the file system
    forgotten = [path for path in scratch_folder().iterdir() if path.stat().st_mtime <= limit]
    for path in forgotten:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
    return len(forgotten)
