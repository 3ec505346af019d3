"""Lint recorded statements with sqlfluff, by the rules of `.sqlfluff` but two.

Layout is for `.sql` files, which `make check` lints: inside Python, indentation is Python's. And one style of casts
is not possible: SQLAlchemy sees no parameter in `:name::type`. So parameters are cast by `cast()`, and only they are.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from types import ModuleType

import procrastinate
from sqlfluff.core import FluffConfig, Linter

from database.settings import PROJECT_DIR
from tests.statements.statement import Statement

NOT_IN_PYTHON = ("layout", "CV11")
CAST_OF_OTHERS = re.compile(r"\bcast\s*\((?!\s*:\w)")

PROCESSES = 2
FEW = 6  # statements that one process lints sooner than a second one starts


@dataclass(frozen=True)
class Report:
    """What a rule says about a line of a statement."""

    statement: Statement
    rule: str
    line: str
    words: str

    def __str__(self) -> str:
        return f"{self.statement.source}: {self.rule}, {self.words}\n    {self.line}"


@dataclass(frozen=True)
class Excused:
    """A rule that a statement, told by a part of its text, may break, and why."""

    rule: str
    file: str
    part: str
    reason: str

    def covers(self, report: Report) -> bool:
        return report.rule == self.rule and self.is_about(report.statement)

    def is_about(self, statement: Statement) -> bool:
        return statement.source.file == self.file and self.part in statement.normalised


EXCUSED = (
    Excused("RF06", "database/bulk.py", '"name"', "psycopg2 puts every name that it is given between quotes"),
    Excused(
        "PRS", "database/embedded.py", "create database", "sqlfluff does not know locale providers; PostgreSQL does"
    ),
    Excused(
        "PRS", "database/tenancy.py", "set local app.", "sqlfluff does not know settings with a dot; PostgreSQL does"
    ),
    Excused("PRS", "database/tenancy.py", "set transaction", "sqlfluff does not know the statement; PostgreSQL does"),
    Excused("ST11", "queries/preferences.py", "as always", "the row that is there when the creator never chose"),
)


def lint(statements: Iterable[Statement], excused: Sequence[Excused] = EXCUSED) -> list[str]:
    """What is wrong with the product's statements, a text for each report; also excuses that nothing needs."""
    linted = [one for one in statements if one.is_of_the_product and one.text.strip() not in sql_files()]
    reports = _reports(linted)
    wrong = [report for report in reports if not any(excuse.covers(report) for excuse in excused)]
    idle = [excuse for excuse in excused if _is_idle(excuse, linted, reports)]
    return [str(report) for report in wrong] + [
        f"Nothing in {excuse.file} breaks {excuse.rule} any more: take the excuse away." for excuse in idle
    ]


@cache
def sql_files() -> frozenset[str]:
    """Contents of files, which are linted as files: ours with their layout, those of the job queue by its makers."""
    folders = (PROJECT_DIR / "database", PROJECT_DIR / "queries", Path(procrastinate.__file__).parent)
    return frozenset(file.read_text(encoding="utf-8").strip() for folder in folders for file in folder.rglob("*.sql"))


def _is_idle(excuse: Excused, statements: list[Statement], reports: list[Report]) -> bool:
    """Whether its statement was recorded and is clean."""
    return any(map(excuse.is_about, statements)) and not any(map(excuse.covers, reports))


def _reports(statements: list[Statement]) -> list[Report]:
    if len(statements) <= FEW:
        return list(chain.from_iterable(map(_reports_on, statements)))
    with _without_main_module(), ProcessPoolExecutor(PROCESSES, mp_context=get_context("spawn")) as pool:
        return list(chain.from_iterable(pool.map(_reports_on, statements, chunksize=4)))


@contextmanager
def _without_main_module() -> Iterator[None]:
    """New processes would run the main module first, and Streamlit's tests leave a script of theirs in its place."""
    main, sys.modules["__main__"] = sys.modules["__main__"], ModuleType("__main__")
    try:
        yield
    finally:
        sys.modules["__main__"] = main


def _reports_on(statement: Statement) -> list[Report]:
    text = statement.text.strip()
    lines = text.splitlines()
    casts = [line.strip() for line in lines if CAST_OF_OTHERS.search(line)]
    return [
        Report(statement, found.rule_code(), lines[min(found.line_no, len(lines)) - 1].strip(), found.desc())
        for found in _linter().lint_string(f"{text}\n").get_violations()
    ] + [Report(statement, "casts", line, "cast() is for parameters; cast all else by `::`.") for line in casts]


@cache
def _linter() -> Linter:
    rules = FluffConfig.from_path(str(PROJECT_DIR)).get("exclude_rules")
    overrides = {"exclude_rules": ",".join([rules, *NOT_IN_PYTHON])}
    return Linter(FluffConfig.from_path(str(PROJECT_DIR), overrides=overrides))
