"""Workers die at any moment: no mail twice, none lost in silence. The large run is `python -m tests.killed_workers`."""

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import URL

from database.settings import PROJECT_DIR

SECONDS = 150


@pytest.fixture(scope="module")
def counted(server: URL, template: str) -> dict[str, int]:
    from tests.conftest import new_database

    with new_database(server, f"template {template} strategy file_copy"):
        environment = {name: value for name, value in os.environ.items() if name != "DASHBOARD_NOW"}
        run = subprocess.run(
            [sys.executable, "-m", "tests.killed_workers", "--mails", "400", "--kills", "15"],
            cwd=PROJECT_DIR,
            env=environment,
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=True,
        )
    return json.loads(run.stdout)


def test_workers_were_killed_while_they_sent(counted: dict[str, int]) -> None:
    assert counted["kills"] == 15
    assert counted["mails"] == 400


def test_no_mail_arrived_twice(counted: dict[str, int]) -> None:
    assert counted["duplicates"] == 0


def test_no_mail_was_lost_in_silence(counted: dict[str, int]) -> None:
    states = counted["states"]

    assert counted["silent_losses"] == 0
    assert counted["arrived_but_neither_sent_nor_unknown"] == 0
    assert set(states) <= {"sent", "unknown", "failed"}
    assert sum(states.values()) == 400
    assert states["sent"] > 300
