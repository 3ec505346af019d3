"""The background side of exports: found by name, on their own queue, on time."""

from datetime import timedelta

import pytest
from procrastinate.testing import InMemoryConnector

from actions.exports import QUEUE, request_export
from database.storage import stored_keys
from jobs.app import app
from queries.exports.known import export
from rules.export_rules import SILENT_SECONDS
from tests.builders import a_creator, a_student
from tests.exports import IRA, a_claimed_export, an_export, change_export, export_row, export_rows

pytestmark = pytest.mark.usefixtures("database")

WORKER = {"wait": False, "install_signal_handlers": False, "listen_notify": False, "concurrency": 1}


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))


def test_a_worker_writes_the_export_that_was_asked_for():
    creator = a_creator(a_student("Ada Moss"))
    export_id = request_export(IRA, creator.id, "students", "csv", {})

    with app.replace_connector(InMemoryConnector()) as worker:
        arguments = {"creator_id": str(creator.id), "export_id": str(export_id)}
        worker.configure_task("write_export").defer(**arguments)
        worker.run_worker(**WORKER)

    assert export(creator.id, export_id).status == "completed"


@pytest.mark.parametrize(
    ("name", "cron"),
    [
        ("recover_exports", "* * * * *"),
        ("retry_jobs_of_dead_workers", "* * * * *"),
        ("remove_old_exports", "0 2 * * *"),
        ("remove_old_jobs", "30 2 * * *"),
    ],
)
def test_the_upkeep_runs_on_time_and_never_twice_at_once(name, cron):
    (periodic,) = [one for one in app.periodic_registry.periodic_tasks.values() if one.task.name == name]

    assert (periodic.cron, periodic.task.queueing_lock, periodic.task.queue) == (cron, name, "default")


def test_exports_have_a_queue_of_their_own():
    assert {task.name for task in app.tasks.values() if task.queue == QUEUE} == {"write_export"}


def test_the_upkeep_finds_what_was_left_lying():
    creator = a_creator()
    waiting, lost = an_export(creator, filters={"status": "active"}), a_claimed_export(creator)
    change_export(
        creator, lost.export_id, f"heartbeat_at = clock_timestamp() - interval '{SILENT_SECONDS + 1} seconds'"
    )

    app.tasks["recover_exports"]()

    assert {row["id"]: row["status"] for row in export_rows(creator)} == {waiting: "pending", lost.export_id: "pending"}
    assert export_row(creator, lost.export_id)["workers_lost"] == 1


def test_the_nightly_run_removes_what_is_old():
    creator = a_creator()
    an_export(creator, "completed", days_ago=timedelta(days=31) / timedelta(days=1))

    app.tasks["remove_old_exports"](timestamp=0)

    assert export_rows(creator) == []
    assert stored_keys("exports", creator.id) == []
