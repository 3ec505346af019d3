"""Clusters of root's outside the data folder: which of them are removed."""

import os
import tempfile
from pathlib import Path

import pytest

from database import embedded_owner
from database.embedded_owner import BELONGS_TO, data_place, remove_left_clusters

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's clusters lie elsewhere")


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setattr(embedded_owner, "HOME", tmp_path / "home")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path / "home"


@pytest.mark.parametrize(("kind", "is_left"), [("temporary", False), ("mounted", True)])
def test_only_one_whose_data_folder_was_temporary_goes_with_it(home, tmp_path, kind, is_left):
    data_dir = tmp_path / kind / "data"
    data_dir.mkdir(parents=True, mode=0o700)
    data_dir.chmod(0o700)
    place = data_place(data_dir)
    remove_left_clusters()
    assert place.parent.exists()

    (data_dir / "postgres").unlink()  # with its folder, or temporarily out of reach
    remove_left_clusters()

    assert place.parent.exists() == is_left


def test_one_that_is_being_made_is_no_left_one(home, tmp_path, monkeypatch):
    data_dir = tmp_path / "temporary" / "data"
    data_dir.mkdir(parents=True)
    data_dir.chmod(0o700)
    link = Path.symlink_to

    def another_starts_meanwhile(path: Path, target: Path) -> None:
        remove_left_clusters()
        link(path, target)

    monkeypatch.setattr(Path, "symlink_to", another_starts_meanwhile)
    place = data_place(data_dir)

    assert (place.parent / BELONGS_TO).exists()
