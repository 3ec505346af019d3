"""Jobs of workers that died: retried, three times at most; old ones deleted."""

import asyncio
from types import SimpleNamespace
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.archives import choose_archiving
from database.each import each
from database.engine import engine
from database.job_queue import defer
from database.tenancy import platform_tx, tenant_tx
from jobs.app import app
from jobs.queue_connection import QueueConnector
from jobs.upkeep import archive_old_rows, remove_old_failures
from tests.accounts import a_linked_account
from tests.builders import a_chat, a_creator, a_student
from tests.odd_rows import noted

pytestmark = pytest.mark.usefixtures("database")

LEFT_BEHIND = text(
    """
    update procrastinate_jobs
    set
        status = 'doing',
        attempts = :attempts
    where task_name = :task
    """
)
ENDED = text("update procrastinate_jobs set status = cast(:status as procrastinate_job_status)")
LONG_AGO = text("update procrastinate_events set at = now() - make_interval(hours => :hours)")
STATUS = text("select status::text from procrastinate_jobs where task_name = :task order by id")


def run(task):
    async def with_the_queue():
        async with app.open_async():
            await app.tasks[task].func(timestamp=0)

    asyncio.run(with_the_queue())


@pytest.fixture(autouse=True)
def queue_of_this_test(database):
    """The tasks' own connector uses the database that existed when it was created."""
    with app.replace_connector(QueueConnector(database)):
        yield


def statuses(task):
    with engine().connect() as connection:
        return connection.execute(STATUS, {"task": task}).scalars().all()


def left_behind(task, attempts=1):
    with engine().begin() as connection:
        connection.execute(LEFT_BEHIND, {"task": task, "attempts": attempts})


@pytest.mark.parametrize(("attempts", "status"), [(1, "todo"), (2, "todo"), (3, "failed")])
def test_a_job_whose_worker_died_is_tried_again_up_to_three_times(attempts, status):
    defer("some_task")
    left_behind("some_task", attempts)

    run("retry_jobs_of_dead_workers")

    assert statuses("some_task") == [status]


def test_a_job_that_waits_anew_already_is_not_doubled():
    defer("some_task", queueing_lock="some_task")
    left_behind("some_task")
    defer("some_task", queueing_lock="some_task")

    run("retry_jobs_of_dead_workers")

    assert statuses("some_task") == ["failed", "todo"]


@pytest.mark.parametrize(
    ("status", "hours", "is_kept"),
    [("succeeded", 23, True), ("succeeded", 25, False), ("failed", 29 * 24, True), ("failed", 31 * 24, False)],
)
def test_jobs_that_ended_long_ago_are_forgotten(status, hours, is_kept):
    defer("ended")
    with engine().begin() as connection:
        connection.execute(ENDED, {"status": status})
        connection.execute(LONG_AGO, {"hours": hours})

    run("remove_old_jobs")

    assert bool(statuses("ended")) == is_kept


def test_notes_on_failures_are_forgotten_once_a_day():
    each([uuid4()], lambda _: [][0], "refresh")
    with platform_tx() as connection:
        connection.execute(text("update failures set last_at = last_at - interval '91 days'"))

    remove_old_failures(timestamp=0)

    assert noted() == []
    (cron,) = [
        periodic.cron
        for periodic in app.periodic_registry.periodic_tasks.values()
        if periodic.task.name == "remove_old_failures"
    ]
    assert cron == "15 3 * * *"


def test_old_rows_are_archived_at_night_unless_the_worker_has_to_stop(tmp_path, monkeypatch):
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    ada = a_student(enrolled_days_ago=400)
    creator = a_creator(ada, a_chat(student=ada, days_ago=300))
    choose_archiving(a_linked_account(creator), creator.id, "chat", True)

    for has_to_stop, left in ((True, 1), (False, 0)):
        archive_old_rows(SimpleNamespace(should_abort=lambda stops=has_to_stop: stops))
        with tenant_tx(creator.id) as connection:
            assert connection.execute(text("select count(*) from chat_sessions")).scalar_one() == left
