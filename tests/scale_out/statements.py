"""The rules for what the product sends to the database, over what the tests recorded."""

import re
from collections.abc import Iterable, Iterator, Sequence

import sqlglot
from sqlglot.errors import SqlglotError

from tests.scale_out.joins import faults_of
from tests.scale_out.offenders import STATEMENTS, Offender
from tests.scale_out.rules import NUMBERED, READABLE, TENANT, Finding
from tests.statements.lint import sql_files
from tests.statements.statement import Statement

# Everything else has no join: it defines, grants or sets.
QUERIES = re.compile(r"\s*(?:--[^\n]*\n\s*)*(?:\(|select|with|insert|update|delete|merge)\b", re.IGNORECASE)
SETS_THE_TENANT = re.compile(r"set_config\s*\(\s*(?:'(?:role|app\.\w+)'|:)", re.IGNORECASE)


def stays_distributable(statements: Iterable[Statement], listed: Sequence[Offender] = STATEMENTS) -> list[str]:
    """What would not work on several machines and is not listed, one text each; also list entries without effect."""
    ours = [one for one in statements if one.is_of_the_product and one.text.strip() not in sql_files()]
    found = {one: list(findings_in(one)) for one in ours}
    new = [
        str(finding)
        for one, findings in found.items()
        for finding in findings
        if not any(offender.rule == finding.rule and offender.is_about(one) for offender in listed)
    ]
    idle = [
        f"Nothing in {offender.name} offends any more ({offender.rule}): take it off the list."
        for offender in listed
        if (about := [one for one in ours if offender.is_about(one)])
        and not any(finding.rule == offender.rule for one in about for finding in found[one])
    ]
    return new + idle


def findings_in(statement: Statement, numbered: frozenset[str] = NUMBERED) -> Iterator[Finding]:
    for rule in sorted(broken_rules(statement.text, numbered)):
        yield Finding(rule, str(statement.source), statement.normalised)


def broken_rules(text: str, numbered: frozenset[str] = NUMBERED) -> set[str]:
    """The rules that a statement breaks."""
    broken = {TENANT} if SETS_THE_TENANT.search(text) else set()
    if not QUERIES.match(text):
        return broken
    try:
        parsed = sqlglot.parse(text, dialect="postgres")
    except SqlglotError:
        return broken | {READABLE}
    return broken.union(*(faults_of(one, numbered) for one in parsed if one))
