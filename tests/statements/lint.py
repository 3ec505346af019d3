"""Lint recorded statements with sqlfluff, by all rules of `.sqlfluff` except two.

Layout is for `.sql` files, which `make check` lints: inside Python, indentation is Python's. And a single style of
casts
is not possible: SQLAlchemy sees no parameter in `:name::type`. So parameters are cast by `cast()`, and only they are.
A statement that is a file is linted as it is sent, with everything it includes and its layout:
`tests.statements.files`.
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
from database.statements import sql
from tests.statements.clean import CleanTexts
from tests.statements.statement import Statement

NOT_IN_PYTHON = ("layout", "CV11")
NOT_IN_FILES = ("LT02", "CV11")  # sqlfluff does not know how to indent `lateral (`, `filter (where` and `on` either
CAST_OF_OTHERS = re.compile(r"\bcast\s*\((?!\s*:\w)")

OWN_SQL = "prepare own_sql as "  # from callers of `database.own_sql`: theirs, and not the product's

FOLDERS = ("queries", "reports", "actions")  # where a statement may have its own file
STEPS = "steps"  # the folders of what statements include

PROCESSES = 2
FEW = 6  # statements that one process lints before a second one has started


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
    """A rule that a statement, identified by a part of its text, may break, and why."""

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
    Excused("PRS", "sources/landing/register.py", "set local app.", "the same"),
    Excused("PRS", "database/tenancy.py", "set transaction", "sqlfluff does not know the statement; PostgreSQL does"),
    Excused("PRS", "database/own_sql.py", "SAVEPOINT sa_savepoint", "sqlfluff does not know the statement"),
    Excused("CP01", "database/own_sql.py", "ROLLBACK TO SAVEPOINT", "SQLAlchemy writes it so"),
    Excused("ST11", "queries/preferences.py", "as always", "the row that is there when the creator never chose"),
)


def lint(
    statements: Iterable[Statement], excused: Sequence[Excused] = EXCUSED, clean: CleanTexts | None = None
) -> list[str]:
    """What is wrong with the product's statements, one text per report; also unnecessary excuses.

    Texts that are known to be `clean` are not linted again, and those that turn out to be are added.
    """
    return lint_all([one for one in statements if _is_linted(one)], excused, clean)


def lint_all(
    linted: list[Statement], excused: Sequence[Excused] = EXCUSED, clean: CleanTexts | None = None
) -> list[str]:
    """The same for these statements, regardless of who sent them."""
    reports = _reports([one for one in linted if clean is None or not clean.knows(one.text)])
    if clean is not None:
        clean.add({one.text for one in linted} - {report.statement.text for report in reports})
    wrong = [report for report in reports if not any(excuse.covers(report) for excuse in excused)]
    idle = [excuse for excuse in excused if _is_idle(excuse, linted, reports)]
    return [str(report) for report in wrong] + [
        f"Nothing in {excuse.file} breaks {excuse.rule} any more: take the excuse away." for excuse in idle
    ]


@cache
def sql_files() -> frozenset[str]:
    """Contents of files, which are linted as files: ours with their layout, those of the job queue by its authors."""
    folders = (PROJECT_DIR / "database", Path(procrastinate.__file__).parent)
    return frozenset(file.read_text(encoding="utf-8").strip() for folder in folders for file in folder.rglob("*.sql"))


@cache
def statements_in_files() -> dict[str, str]:
    """Each statement that has its own file, as it is sent, and its file; a step is only a part of one."""
    files = (file for folder in FOLDERS for file in sorted((PROJECT_DIR / folder).rglob("*.sql")))
    paths = (file.relative_to(PROJECT_DIR).with_suffix("") for file in files if file.parent.name != STEPS)
    return {sql(str(path)): f"{path}.sql" for path in paths}


def _is_linted(statement: Statement) -> bool:
    is_written_here = statement.is_of_the_product and not statement.text.startswith(OWN_SQL)
    return is_written_here and statement.text.strip() not in sql_files() | statements_in_files().keys()


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
        for found in _linter(_excluded(statement)).lint_string(f"{text}\n").get_violations()
    ] + [Report(statement, "casts", line, "cast() is for parameters; cast all else by `::`.") for line in casts]


def _excluded(statement: Statement) -> tuple[str, ...]:
    return NOT_IN_FILES if statement.source.file.endswith(".sql") else NOT_IN_PYTHON


@cache
def _linter(excluded: tuple[str, ...]) -> Linter:
    rules = FluffConfig.from_path(str(PROJECT_DIR)).get("exclude_rules")
    overrides = {"exclude_rules": ",".join([rules, *excluded])}
    return Linter(FluffConfig.from_path(str(PROJECT_DIR), overrides=overrides))
