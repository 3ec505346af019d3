"""The worker outlives its connections, gives up after the time allowed, and stops when told to."""

import asyncio
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from procrastinate.exceptions import ConnectorException
from sqlalchemy import URL, make_url, text
from sqlalchemy.exc import OperationalError

from database.engine import engine
from database.job_queue import defer
from database.settings import PROJECT_DIR
from jobs import worker
from jobs.queue_connection import QueueConnector
from rules.errors import SetupError
from tests.mail_servers import free_port

SECONDS = 60
QUICK_TASK = "continue_report_runs"
CUT_OFF = text(
    """
    select count(pg_terminate_backend(pid))
    from pg_stat_activity
    where
        datname = current_database()
        and application_name = 'creator-dashboard worker'
    """
)
WORKERS = text("select count(*) from procrastinate_workers where id > :id")
WAITING = text("select count(*) from procrastinate_jobs where status = 'todo'")


def test_a_worker_whose_connections_are_cut_works_on(database: URL) -> None:
    with a_worker() as process:
        wait_until(lambda: count(WORKERS, id=0) == 4)  # one for each kind of work
        for _ in range(2):
            with engine().begin() as connection:
                assert connection.execute(CUT_OFF).scalar_one() > 0
            # If no statement was under way, nothing was lost, and the worker stays the same.
            defer(QUICK_TASK, queueing_lock=QUICK_TASK, timestamp=0)
            wait_until(lambda: count(WAITING) == 0)
        process.send_signal(signal.SIGTERM)

        assert process.wait(SECONDS) == 0


def test_a_worker_without_a_database_gives_up_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    from jobs import app

    nowhere = make_url(f"postgresql://postgres@127.0.0.1:{free_port()}/nothing")
    monkeypatch.setenv("DATABASE_URL", nowhere.render_as_string())
    monkeypatch.setattr(app, "connector", QueueConnector(nowhere))
    monkeypatch.setattr(worker, "GIVE_UP_SECONDS", 0.5)

    with pytest.raises(SetupError, match=r"has lost the database for \d+ seconds \(OperationalError\) and ends"):
        worker.run_worker()


def test_a_worker_that_waits_for_its_database_can_be_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    from jobs import app

    nowhere = make_url(f"postgresql://postgres@127.0.0.1:{free_port()}/nothing")
    monkeypatch.setattr(app, "connector", QueueConnector(nowhere))

    async def stopped_after_a_moment() -> None:
        asyncio.get_running_loop().call_later(0.5, os.kill, os.getpid(), signal.SIGTERM)
        await worker._work()

    asyncio.run(stopped_after_a_moment())


@pytest.mark.parametrize("error", [ConnectorException("lost"), OperationalError("select 'Ada Moss'", {}, ValueError())])
def test_a_lost_database_is_told_in_one_line(error: Exception) -> None:
    record = logging.LogRecord("procrastinate", logging.ERROR, "", 0, "Job 7 ended", (), (type(error), error, None))

    assert worker._in_one_line(record)

    told = logging.Formatter().format(record)
    assert len(told.splitlines()) == 1
    assert "Ada" not in told


def test_another_fault_of_a_job_keeps_its_places() -> None:
    error = ValueError("a fault")
    record = logging.LogRecord("procrastinate", logging.ERROR, "", 0, "Job 7 ended", (), (ValueError, error, None))

    assert worker._in_one_line(record)

    assert "ValueError: a fault" in logging.Formatter().format(record)


def test_a_direct_connection_is_notified(database: URL) -> None:
    assert asyncio.run(QueueConnector(database).is_notified())


@contextmanager
def a_worker() -> Iterator["subprocess.Popen[bytes]"]:
    process = subprocess.Popen([sys.executable, "manage.py", "worker"], cwd=PROJECT_DIR, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait(SECONDS)


def count(statement: object, **values: object) -> int:
    with engine().connect() as connection:
        return int(connection.execute(statement, values).scalar_one())


def wait_until(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + SECONDS
    while not is_so():
        assert time.monotonic() < end, "it is stuck"
        time.sleep(0.05)
