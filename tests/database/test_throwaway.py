"""Data folders of one run: removed with it, and those of killed runs at the next start."""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR
from database.throwaway import DAY_SECONDS, remove_left_folders, throwaway_data_folder

RUN = """
from database.throwaway import throwaway_data_folder
folder = throwaway_data_folder()
folder.mkdir()
print(folder, flush=True)
input()
"""


@pytest.fixture(autouse=True)
def temporary_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def test_a_folder_of_a_run_that_works_stays_and_one_of_a_killed_run_goes(temporary_folder):
    with a_run(temporary_folder) as working, a_run(temporary_folder) as killed:
        folders = [Path(run.stdout.readline().strip()) for run in (working, killed)]
        assert all(folder.is_dir() for folder in folders)
        killed.kill()
        killed.wait()

        remove_left_folders(temporary_folder)

        assert [folder.parent.exists() for folder in folders] == [True, False]
        working.communicate("\n")
    assert list(temporary_folder.iterdir()) == []


def test_each_start_removes_them(temporary_folder):
    with a_run(temporary_folder) as killed:
        left = Path(killed.stdout.readline().strip())
        killed.kill()

    throwaway_data_folder()

    assert not left.parent.exists()


@pytest.mark.parametrize("name", ["dashboard-check-x", "dashboard-benchmark-x", "killed-workers-x"])
def test_folders_of_earlier_versions_go_after_a_day(temporary_folder, name):
    old, anothers = temporary_folder / name, temporary_folder / f"not-{name}"
    for folder in (old, anothers):
        folder.mkdir()
    remove_left_folders(temporary_folder)
    assert old.exists()

    long_ago = time.time() - DAY_SECONDS - 60
    for folder in (old, anothers):
        os.utime(folder, (long_ago, long_ago))
    remove_left_folders(temporary_folder)

    assert not old.exists()
    assert anothers.exists()


def a_run(temporary_folder: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-c", RUN],
        cwd=PROJECT_DIR,
        env=os.environ | {"TMPDIR": str(temporary_folder)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
