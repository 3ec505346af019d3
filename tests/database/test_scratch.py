"""Unfinished files: nobody else can read them, and they are removed after a while if their process was killed."""

import os
import stat
import time

import pytest

from database.scratch import remove_forgotten, scratch_folder


@pytest.fixture(autouse=True)
def data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path / "data"))


def test_only_the_programs_user_sees_into_the_folder():
    assert stat.S_IMODE(scratch_folder().stat().st_mode) == 0o700


def test_what_is_old_goes_and_what_is_being_written_stays():
    old_file, old_folder, new_file = (scratch_folder() / name for name in ("old", "old_parts", "new"))
    for path in (old_file, new_file):
        path.write_text("half a workbook")
    old_folder.mkdir()
    (old_folder / "part").write_text("a sheet")
    hour_ago = time.time() - 3_600
    for path in (old_file, old_folder):
        os.utime(path, (hour_ago, hour_ago))

    assert remove_forgotten(older_than_seconds=60) == 2
    assert list(scratch_folder().iterdir()) == [new_file]
