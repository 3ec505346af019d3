"""Data folders of one run: of checks, benchmarks and tests. The next start removes what a killed run left."""

import atexit
import os
import shutil
import stat
import tempfile
import time
from contextlib import suppress
from pathlib import Path

from database.embedded import stop_embedded
from database.embedded_owner import remove_left_clusters
from database.embedded_server import cluster_of, locked, stop

PREFIX, DRAFT_PREFIX = "dashboard-run-", "dashboard-new-run-"
WITHOUT_A_LOCK = (DRAFT_PREFIX, "dashboard-check-", "dashboard-benchmark-", "killed-workers-")
DAY_SECONDS = 24 * 3_600
LOCK, DATA = "lock", "data"


def throwaway_data_folder(inside: Path | None = None) -> Path:
    """The path of a data folder that is removed, with its database, when this process ends; it is not created yet.

    It is in the folder for temporary files, or in the given one.
    """
    place = inside or Path(tempfile.gettempdir())
    remove_left_folders(place)
    draft = Path(tempfile.mkdtemp(prefix=DRAFT_PREFIX, dir=place))
    if os.geteuid() == 0:
        draft.chmod(0o711)  # PostgreSQL's user passes through
    lock = locked(draft / LOCK)
    # Only a folder with a lock has the name that others look for.
    folder = draft.rename(draft.with_name(draft.name.replace(DRAFT_PREFIX, PREFIX)))
    # The handler registered last runs first: the server stops, then its folder is removed.
    atexit.register(_remove, folder, os.getpid(), lock)
    return folder / DATA


def remove_left_folders(place: Path) -> None:
    """Remove what killed runs of this user left there: their lock is free, however they ended."""
    for folder in place.glob(f"{PREFIX}*"):
        with suppress(OSError):
            if _is_our_own(folder) and (lock := locked(folder / LOCK)) is not None:
                _stop_what_runs_in(folder / DATA)
                shutil.rmtree(folder, ignore_errors=True)
                os.close(lock)
    for folder in _left_without_a_lock(place):
        shutil.rmtree(folder, ignore_errors=True)
    remove_left_clusters()


def _left_without_a_lock(place: Path) -> list[Path]:
    """Drafts, and folders of earlier versions: after a day nobody is using them."""
    limit = time.time() - DAY_SECONDS  # the file system's clock
    named = [path for prefix in WITHOUT_A_LOCK for path in place.glob(f"{prefix}*")]
    return [path for path in named if _is_our_own(path) and path.stat().st_mtime < limit]


def _is_our_own(folder: Path) -> bool:
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()


def _remove(folder: Path, owner: int, lock: int | None) -> None:
    if os.getpid() != owner:  # a child of a fork, which shares the lock
        return
    stop_embedded(folder / DATA)
    _stop_what_runs_in(folder / DATA)  # of processes that were not meant to use it longer than this one
    shutil.rmtree(folder, ignore_errors=True)
    remove_left_clusters()
    if lock is not None:
        os.close(lock)


def _stop_what_runs_in(data_dir: Path) -> None:
    if (data_dir / "postgres").exists():
        stop(cluster_of(data_dir))
