"""The whole product behind PgBouncer in transaction mode, with five connections to PostgreSQL, and with one.

With one, a thread that holds a connection and requests a second waits for itself, and gets PgBouncer's error.
"""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID

import psycopg2
import pytest
from sqlalchemy import URL, text

from actions.exports import request_export
from database.creators import creators
from database.demo import DemoSize, load_demo
from database.engine import engine
from database.settings import PROJECT_DIR
from database.tenancy import platform_tx, tenant_tx
from jobs.child import worker_process
from jobs.queue_connection import QueueConnector
from proofs.length import short_or_full
from proofs.load import some_creators, under_load
from proofs.pgbouncer import a_pgbouncer
from proofs.postgres_server import APostgres, a_postgres
from proofs.settled import (
    assert_no_export_is_lost,
    assert_no_mail_is_doubled_or_lost,
    everything_is_settled,
    mails_taken,
    told,
)
from queries.overview.dashboard import fresh_dashboard_response
from queries.periods.period import MONTH
from tests.api.asking import by_key
from tests.exports import IRA
from tests.pages.opened import an_account, opened

SECONDS_OF_LOAD = short_or_full(15, 180)
ROUNDS = short_or_full(40, 400)  # of each thread
THREADS = 8
WAIT_SECONDS = 25  # longer than any single transaction here
SMALL = DemoSize(students=60, videos=8, days=40, seed=1)
MIGRATIONS_AT_ONCE = 3
PAGES = ("overview", "students", "funnel", "videos", "quizzes", "chat", "exports", "announcements", "settings")
PATHS = (
    "/creator/dashboard",
    "/creator/students",
    "/creator/videos",
    "/creator/engagement",
    "/creator/quizzes",
    "/creator/chat",
    "/ready",
)

WHOSE = text("select distinct creator_id from students")
LEFT_BEHIND = text("select current_user, current_setting('app.creator_id', true), current_setting('statement_timeout')")


@pytest.fixture(scope="module")
def postgres(test_environment: None) -> Iterator[APostgres]:
    with a_postgres() as server:
        yield server


@pytest.fixture(scope="module", params=[5, 1], ids=["five connections", "one connection"])
def pooled(
    request: pytest.FixtureRequest, postgres: APostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[URL]:
    """A migrated database with demo data behind a pool of this size, all set up through it."""
    name = f"behind_{request.param}"
    created = psycopg2.connect(postgres.url.render_as_string())
    created.autocommit = True
    created.cursor().execute(f"create database {name} template template0")
    created.close()
    with (
        a_pgbouncer(postgres.url.set(database=name), request.param, WAIT_SECONDS) as address,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.delenv("DASHBOARD_NOW", raising=False)
        patch.setenv("DASHBOARD_DATA_DIR", str(tmp_path_factory.mktemp(name)))
        patch.setenv("DATABASE_URL", address.render_as_string())
        migrated_by_several_at_once()
        load_demo(SMALL)
        yield address
        engine().dispose()


def test_the_worker_does_not_wait_for_notifications_that_cannot_come(pooled: URL, postgres: APostgres) -> None:
    assert asyncio.run(QueueConnector(pooled).is_notified()) is False
    assert asyncio.run(QueueConnector(postgres.url).is_notified()) is True


def test_exports_mails_and_figures_are_made_while_several_creators_ask(pooled: URL) -> None:
    load = some_creators(4)
    with mails_taken() as taken, worker_process():
        with under_load(load):
            time.sleep(SECONDS_OF_LOAD)
        report = request_export(IRA, load.creators[0].id, "analytics", "pdf", {})
        everything_is_settled(load)

    print(told(load, taken))
    assert not load.errors
    assert not load.refused
    load.exports.add((load.creators[0].id, report))
    assert_no_export_is_lost(load)
    assert_no_mail_is_doubled_or_lost(load, taken)
    assert Counter(taken).total() == len(load.invited)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_drawn(pooled: URL, page: str) -> None:
    (creator, *_) = (one for one in creators() if one.subscription_tier == "enterprise" and one.students)

    app = opened(an_account(creator), page)  # it needs the id alone

    assert not app.exception
    assert not app.error


@pytest.mark.parametrize("path", PATHS)
def test_the_api_answers(pooled: URL, path: str) -> None:
    creator_id = next(one.id for one in creators() if one.subscription_tier == "enterprise" and one.students)

    assert by_key(creator_id).get(path).status_code == 200


def test_no_creator_sees_another_ones_figures_while_all_ask_at_once(pooled: URL) -> None:
    entitled = [one.id for one in creators() if one.students]
    expected = {creator_id: figures(creator_id) for creator_id in entitled}

    def ask(turn: int) -> None:
        creator_id = entitled[turn % len(entitled)]
        assert figures(creator_id) == expected[creator_id]

    in_many_threads(ask, ROUNDS // 4)


def test_no_session_keeps_anything_of_its_last_transaction(pooled: URL) -> None:
    entitled = [one.id for one in creators() if one.students]

    def look(turn: int) -> None:
        creator_id = entitled[turn % len(entitled)]
        with tenant_tx(creator_id) as connection:
            assert list(connection.execute(WHOSE).scalars()) == [creator_id]
        with engine().connect() as connection:
            assert tuple(connection.execute(LEFT_BEHIND).one()) in (("postgres", "", "0"), ("postgres", None, "0"))
        with platform_tx() as connection:
            assert connection.execute(text("select current_setting('app.creator_id')")).scalar_one() == ""

    in_many_threads(look, ROUNDS)


def test_a_client_that_dies_within_a_transaction_leaves_nothing(pooled: URL) -> None:
    creator_id = next(one.id for one in creators() if one.students)
    for _ in range(10):
        dying = psycopg2.connect(pooled.set(drivername="postgresql").render_as_string())
        with dying.cursor() as cursor:
            cursor.execute("select set_config('role', 'dashboard_app', true)")
            cursor.execute("select set_config('app.creator_id', %s, true)", [str(creator_id)])
        dying.close()  # without an end of the transaction

        with engine().connect() as connection:
            assert connection.execute(LEFT_BEHIND).one().current_user == "postgres"


def migrated_by_several_at_once() -> None:
    command = [sys.executable, "manage.py", "migrate"]
    running = [subprocess.Popen(command, cwd=PROJECT_DIR, stdout=subprocess.DEVNULL) for _ in range(MIGRATIONS_AT_ONCE)]
    assert [process.wait(120) for process in running] == [0] * MIGRATIONS_AT_ONCE


def figures(creator_id: UUID) -> object:
    return fresh_dashboard_response(creator_id, MONTH)


def in_many_threads(do, rounds: int) -> None:
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(do, range(rounds * THREADS)))
