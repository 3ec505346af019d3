"""An error that names a person is planted in every kind of process; nothing that the process writes names them."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from database.embedded import embedded_url
from database.engine import engine
from database.job_queue import defer
from database.settings import PROJECT_DIR, settings
from tests.api.server import _wait_for
from tests.planted_errors import ADDRESS, NAME
from tests.redis_server import a_free_port

SECONDS = 120
CAUSE = "sqlalchemy.exc.IntegrityError"


def test_a_page_that_fails_names_nobody_in_the_log_or_on_the_screen(empty_database):
    careless = {"STREAMLIT_CLIENT_SHOW_ERROR_DETAILS": "full", "STREAMLIT_LOGGER_ENABLE_RICH": "true"}

    said, log = ended("page", DATABASE_URL=None, **careless)

    assert "shown: [(" in said
    (line,) = [line for line in lines(log) if line.get("logger") == "streamlit.error_util"]
    assert line["event"] == "Uncaught app execution"
    assert line["requestId"]
    check(line)


def test_a_request_that_fails_names_nobody_in_the_answer_or_in_the_log(empty_database):
    port = a_free_port()
    with running("request", PORT=str(port)) as process:
        _wait_for(f"http://127.0.0.1:{port}/health")
        answers = [problem(f"http://127.0.0.1:{port}{path}") for path in ("/ready", "/docs")]
    said, log = process.communicate(timeout=SECONDS)

    silent(said, log, *answers)
    _, began, rest = log.partition("\n{")  # before the application is loaded, uvicorn uses its own format
    failed = {line["event"]: line for line in lines(began.strip() + rest) if "exception" in line}
    assert failed.keys() == {"a request failed", "Exception in ASGI application"}
    for line in failed.values():
        check(line)
    assert failed["a request failed"]["requestId"]


def test_a_job_that_fails_names_nobody_in_the_log(database):
    defer("refresh_stale_creators", timestamp=0)
    with running("worker") as process:
        wait_for_a_failed_job()
    said, log = process.communicate(timeout=SECONDS)

    silent(said, log)
    failed = [line for line in lines(log) if "exception" in line]
    assert failed
    for line in failed:  # the schedule may have asked for it too
        assert (line["action"], line["task"], bool(line["jobId"])) == ("job_error", "refresh_stale_creators", True)
        check(line)


def test_a_command_that_fails_names_nobody(database):
    said, log = ended("command", 1)

    *told, last = log.splitlines()
    (line,) = lines("\n".join(told))
    check(line)
    assert said == ""
    assert last.startswith("error: An internal error occurred")


def test_what_nobody_catches_names_nobody(empty_database):
    _, log = ended("thread", 1)

    found = lines(log)
    assert {line["event"] for line in found} >= {
        "a thread ended by an error",
        "an error had nobody to tell",
        "an error ended the program",
        "a warning",
    }
    assert sum(line.get("logger") == "asyncio" for line in found) == 2
    for line in found:
        if line["event"] != "a warning":
            check(line)


def test_the_embedded_servers_log_names_nobody(test_environment):
    server = embedded_url(settings().data_dir)
    log = settings().data_dir / "postgres" / "log"
    before = log.stat().st_size
    wrong = ("select cast('{0}' as uuid)", "select '{0}' from nowhere", "select '{0}', 1 / 0")

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", server.render_as_string(hide_password=False))
        for statement in wrong:
            with pytest.raises(DBAPIError), engine().begin() as connection:
                connection.exec_driver_sql(statement.format(NAME))
        ended("command", 1)
        engine().dispose()

    written = log.read_text()[before:]
    silent(written)
    assert "LOG:" in log.read_text()  # what the server reports about itself stays
    assert "ERROR:" not in written


def ended(place: str, status: int = 0, **environment) -> tuple[str, str]:
    """What a process said and logged until it ended on its own; it names nobody."""
    with started(place, **environment) as process:
        said, log = process.communicate(timeout=SECONDS)
    assert process.returncode == status, log
    silent(said, log)
    return said, log


@contextmanager
def running(place: str, **environment):
    """A process that is told to stop afterwards."""
    with started(place, **environment) as process:
        try:
            yield process
        finally:
            process.send_signal(signal.SIGTERM)


@contextmanager
def started(place: str, **environment):
    combined = {**os.environ, **environment}
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.planted_errors", place],
        cwd=PROJECT_DIR,
        env={name: value for name, value in combined.items() if value is not None},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        if sys.exc_info()[0]:
            process.kill()


def wait_for_a_failed_job() -> None:
    deadline = time.monotonic() + SECONDS
    while time.monotonic() < deadline:
        with engine().connect() as connection:
            if connection.execute(text("select from procrastinate_jobs where status = 'failed'")).first() is not None:
                return
        time.sleep(0.2)
    raise AssertionError("no job failed")


def problem(address: str) -> str:
    try:
        with urlopen(address, timeout=30) as answer:
            return answer.read().decode()
    except HTTPError as error:
        return error.read().decode()


def lines(log: str) -> list[dict]:
    """The log, every line of which is a JSON object."""
    return [json.loads(line) for line in log.splitlines()]


def silent(*texts: str) -> None:
    for written in texts:
        for word in (*NAME.split(), ADDRESS, "Failing row", "Key ("):
            assert word.lower() not in written.lower(), written


def check(line: dict) -> None:
    """The line says what failed, where, and with which code of the database."""
    told = {found["type"]: found for found in line["exception"]}
    assert told["RuntimeError"]["places"][-1].startswith("tests/planted_errors.py:")
    assert told["RuntimeError"]["places"][-1].endswith(" fail")
    assert CAUSE in told
    assert told["psycopg2.errors.UniqueViolation"]["code"] == "23505"
    assert told["psycopg2.errors.UniqueViolation"]["constraint"] == "planted_email_key"
