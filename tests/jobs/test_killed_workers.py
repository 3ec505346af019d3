"""A worker is killed, or told to stop, while it exports. Many kills: `proofs/test_killed_workers.py`."""

import signal
from pathlib import Path

import pytest

from actions.exports import request_export
from tests.exports import IRA
from tests.killed_export_workers import (
    SECONDS,
    a_creator_who_is_asked_much,
    a_worker,
    killed_while_they_export,
    status,
    wait_until,
)


@pytest.fixture(autouse=True)
def data_folder(database: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_a_killed_workers_export_is_finished_by_another() -> None:
    assert killed_while_they_export(kills=1, longest_life_seconds=0) == ["processing"]


def test_a_worker_that_is_told_to_stop_gives_its_export_back() -> None:
    creator = a_creator_who_is_asked_much()
    with a_worker() as worker:
        export_id = request_export(IRA, creator.id, "chat", "xlsx", {})
        wait_until(lambda: status(creator, export_id) != "pending")
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(SECONDS) == 0

    assert status(creator, export_id) in ("pending", "completed")
