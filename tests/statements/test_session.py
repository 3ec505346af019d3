"""A bad statement of the product makes a pytest run fail, no matter who ran it and with how few tests."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import URL

from database.settings import PROJECT_DIR

# `frame` sends what it is given, so that the product sends the statement and no file has to be broken for it.
PLANTED = """
from uuid import uuid4

from database.frames import frame


def test_planted(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", {address!r})
    frame(uuid4(), {statement!r})
"""
CLEAN = "select id from students order by name desc, id asc"
BAD = "select id from students order by name desc, id"


@pytest.mark.parametrize("options", [(), ("-n", "1")], ids=["in one process", "in a worker"])
def test_a_bad_statement_fails_the_run_and_is_named(shared_database: URL, tmp_path: Path, options: tuple[str, ...]):
    ran = run_of(tmp_path, shared_database, BAD, *options)

    assert ran.returncode == pytest.ExitCode.TESTS_FAILED, ran.stdout
    assert "database/frames.py, frame(): AM03" in ran.stdout
    assert BAD in ran.stdout
    assert "1 passed, 1 error" in ran.stdout


def test_clean_statements_leave_the_run_as_it_was(shared_database: URL, tmp_path: Path):
    ran = run_of(tmp_path, shared_database, CLEAN)

    assert ran.returncode == pytest.ExitCode.OK, ran.stdout
    assert CLEAN in (tmp_path / "temp" / "statements.jsonl").read_text()


def run_of(folder: Path, address: URL, statement: str, *options: str) -> subprocess.CompletedProcess[str]:
    """Run one test that makes the product send the statement, with the hooks of this project's tests."""
    planted = folder / "test_planted.py"
    planted.write_text(PLANTED.format(address=address.render_as_string(hide_password=False), statement=statement))
    command = [sys.executable, "-m", "pytest", "-c", os.devnull, f"--rootdir={folder}", f"--basetemp={folder / 'temp'}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    return subprocess.run(
        [*command, "-p", "no:cacheprovider", "-p", "tests.conftest", *options, planted],
        cwd=PROJECT_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
