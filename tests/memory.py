"""Where the tests' own server keeps its data: in memory, where copying a database takes a fifth of the time."""

import os
import shutil
from pathlib import Path

from database.throwaway import throwaway_data_folder

VARIABLE = "TEST_DATA_DIR"  # set for the workers, which share one server
MEMORY = Path("/dev/shm")  # a file system in memory, on Linux
LEAST_BYTES = 4_000_000_000


def pytest_configure() -> None:
    """Once for all workers: the folder is removed when this process ends, or by the next run if it was killed."""
    if VARIABLE not in os.environ and has_room(MEMORY):
        os.environ[VARIABLE] = str(throwaway_data_folder(MEMORY))
    if VARIABLE in os.environ:
        # Also while tests are collected: a module that asks for the database starts its server, and there must be only
        # one.
        os.environ["DASHBOARD_DATA_DIR"] = os.environ[VARIABLE]


def has_room(place: Path) -> bool:
    return place.is_dir() and os.access(place, os.W_OK) and shutil.disk_usage(place).free >= LEAST_BYTES
