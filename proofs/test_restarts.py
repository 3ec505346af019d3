"""The database restarts under load: the worker is back within ten seconds, no mail twice, no export lost."""

import itertools
import os
import random
import signal
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from database.engine import engine
from database.job_queue import defer
from database.migrate import migrate
from database.refresh import rebuild
from jobs.child import worker_process
from proofs.length import short_or_full
from proofs.load import AWAY, some_creators, under_load, wait_until
from proofs.pgbouncer import a_pgbouncer
from proofs.postgres_server import APostgres, a_postgres
from proofs.settled import (
    assert_no_export_is_lost,
    assert_no_mail_is_doubled_or_lost,
    everything_is_settled,
    mails_taken,
    told,
)
from tests.builders import ACreator
from tests.database.snapshots import ROLLUPS, assert_same_rows, snapshot

RESTARTS = short_or_full(5, 20)
SECONDS_BETWEEN = (2.0, 7.0)
BACK_WITHIN_SECONDS = 10.0
ATTEMPTS = 100
MODES = ("fast", "immediate", "fast")

NOW = text("select clock_timestamp()")
HEARD_SINCE = text("select count(*) from procrastinate_workers where last_heartbeat > :since")
LAST_JOB = text("select max(id) from procrastinate_jobs where task_name = 'continue_report_runs'")
JOB_STATE = text("select status::text from procrastinate_jobs where id = :id")


@pytest.fixture
def taken() -> Iterator[list[str]]:
    with mails_taken() as taken:
        yield taken


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[APostgres]:
    monkeypatch.delenv("DASHBOARD_NOW", raising=False)  # leases and heartbeats need a clock that moves
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    with a_postgres() as server:
        monkeypatch.setenv("DATABASE_URL", server.url.render_as_string())
        migrate()
        yield server
        engine().dispose()


def test_the_worker_is_back_and_nothing_is_lost_or_doubled(server: APostgres, taken: list[str]) -> None:
    load = some_creators()
    chance = random.Random(RESTARTS)
    with worker_process():
        a_job_is_done()
        with under_load(load):
            waits = [restarted(server, mode, chance) for mode in itertools.islice(itertools.cycle(MODES), RESTARTS)]
        everything_is_settled(load)

    print(f"back after {', '.join(f'{wait:.1f}' for wait in waits)} s; {told(load, taken)}")
    assert max(waits) < BACK_WITHIN_SECONDS
    assert not load.errors
    assert_no_export_is_lost(load)
    assert_no_mail_is_doubled_or_lost(load, taken)
    for creator in load.creators:
        assert_figures_are_whole(creator)


def test_the_worker_is_back_behind_a_pooler_too(
    server: APostgres, taken: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with a_pgbouncer(server.url, pool_size=5) as address:
        monkeypatch.setenv("DATABASE_URL", address.render_as_string())
        load = some_creators()
        chance = random.Random(1)
        with worker_process():
            a_job_is_done()
            with under_load(load):
                waits = [restarted(server, mode, chance) for mode in MODES]
            everything_is_settled(load)
        print(f"back after {', '.join(f'{wait:.1f}' for wait in waits)} s; {told(load, taken)}")
        assert not load.errors
        assert_no_export_is_lost(load)
        assert_no_mail_is_doubled_or_lost(load, taken)
        engine().dispose()
    assert max(waits) < BACK_WITHIN_SECONDS


@pytest.mark.parametrize("end", [signal.SIGQUIT, signal.SIGKILL])
def test_an_embedded_server_that_dies_is_started_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, end: signal.Signals
) -> None:
    """The worker gives up soon, and the next one starts the server for everybody."""
    monkeypatch.delenv("DASHBOARD_NOW", raising=False)
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    migrate()
    with worker_process():
        a_job_is_done()
        os.kill(int((tmp_path / "postgres" / "postmaster.pid").read_text().split()[0]), end)
        time.sleep(1)
        a_job_is_done()
    engine().dispose()


def restarted(server: APostgres, mode: Any, chance: random.Random) -> float:
    """Seconds from the server's first response until the worker reports and a job is done."""
    time.sleep(chance.uniform(*SECONDS_BETWEEN))
    server.restart(mode)
    began = time.monotonic()
    since = asked_again(NOW)
    wait_until(lambda: asked_again(HEARD_SINCE, since=since) >= 2, 60, "no worker came back")
    a_job_is_done()
    return time.monotonic() - began


def a_job_is_done() -> None:
    """Whether a job that is queued now is done."""
    for _ in range(ATTEMPTS):
        with suppress(*AWAY):
            defer("continue_report_runs", timestamp=0)
            break
        time.sleep(0.5)  # type: ignore[unreachable]
    job = asked_again(LAST_JOB)
    wait_until(lambda: asked_again(JOB_STATE, id=job) == "succeeded", 60, "no job is done")


def asked_again(statement: Any, **values: Any) -> Any:
    """Ask until there is an answer: a pooler refuses the first requests after its server was gone."""
    for _ in range(ATTEMPTS):
        with suppress(*AWAY), engine().connect() as connection:
            return connection.execute(statement, values).scalar_one()
        time.sleep(0.5)  # type: ignore[unreachable]
    raise AssertionError("the database does not answer")


def assert_figures_are_whole(creator: ACreator) -> None:
    """A refresh that the database interrupted has left nothing half done."""
    kept = figures(creator)
    rebuild(creator.id)
    rebuilt = figures(creator)
    for relation in ROLLUPS:
        assert_same_rows(relation, kept[relation], rebuilt[relation])


def figures(creator: ACreator) -> dict[str, list[dict[str, Any]]]:
    """All figures without the time of their calculation: here the clock moves."""
    return {
        relation: [{name: value for name, value in row.items() if name != "cached_at"} for row in rows]
        for relation, rows in snapshot(creator.id).items()
    }
