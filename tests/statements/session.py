"""Record what a pytest run sends to the database, and check it when the run ends.

Every process of the run appends to one file in the run's temporary folder, which stays for anyone who wants to look.
A run of a few tests checks what these sent. A check that finds something counts as a test's error.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.scale_out.statements import stays_distributable
from tests.statements.clean import CleanTexts
from tests.statements.lint import lint
from tests.statements.recording import record_into
from tests.statements.statement import Statement, statements_in

RECORDING = "RECORDED_STATEMENTS"


def lint_what_is_new(statements: list[Statement]) -> list[str]:
    return lint(statements, clean=CleanTexts())


Check = Callable[[list[Statement]], list[str]]
CHECKS: dict[str, Check] = {"SQL is clean": lint_what_is_new, "SQL can be distributed by creator": stays_distributable}


def recorded_statements() -> list[Statement]:
    """Each statement that this run has sent so far, once per source file, in the order of their files."""
    return statements_in(Path(os.environ[RECORDING]))


def pytest_sessionstart(session: pytest.Session) -> None:
    if not is_worker(session.config):
        os.environ[RECORDING] = str(temporary_folder(session.config) / "statements.jsonl")
    session.config.add_cleanup(record_into(Path(os.environ[RECORDING])))


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if is_worker(session.config):
        return
    statements = recorded_statements()
    for name, check in CHECKS.items():
        if found := check(statements):
            report_error(session, name, "\n".join(found))


def report_error(session: pytest.Session, name: str, words: str) -> None:
    """Report it as the error of a test, and make the run fail."""
    session.config.hook.pytest_runtest_logreport(
        report=pytest.TestReport(
            nodeid=f"tests/statements::{name}",
            location=("tests/statements", None, name),
            keywords={},
            outcome="failed",
            longrepr=words,
            when="teardown",
        )
    )
    if session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def is_worker(config: pytest.Config) -> bool:
    """Whether this pytest got its tests from another one."""
    return hasattr(config, "workerinput")


def temporary_folder(config: pytest.Config) -> Path:
    return Path(config._tmp_path_factory.getbasetemp())  # type: ignore[attr-defined]  # only fixtures have a public way
