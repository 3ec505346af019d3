"""A test imports every cached query, or the function that is its only caller."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from database.settings import PROJECT_DIR
from queries.cache.caching import CachedQuery
from tests.queries.every_answer import all_queries, full_name

# Called through the function on the right, which does little more than that.
ASKED_THROUGH = {
    "queries.mails.announcement_audience.students_fitting": "queries.mails.announcement_audience.audience",
    "queries.overview.told_notices.new_notices": "mail.alert.queue_due_alerts",
    "queries.videos.losses.videos_losing_most": "findings.gathered.findings",
}
# These call every query there is, and so test none of the results.
OF_ALL = {"test_growth.py", "test_levels.py", "test_every_query_is_tested.py"}


@pytest.fixture(scope="module")
def imported() -> set[str]:
    """Full names of what tests and oracles import, or take from a module that they import."""
    files = [path for path in (PROJECT_DIR / "tests").rglob("*.py") if path.name not in OF_ALL]
    return {name for path in files for name in names_in(path)}


@pytest.mark.parametrize("query", all_queries(), ids=full_name)
def test_a_test_asks_it(query: CachedQuery, imported: set[str]) -> None:
    assert ASKED_THROUGH.get(full_name(query), full_name(query)) in imported


def test_what_is_asked_through_another_function_exists_and_is_asked_by_no_test(imported: set[str]) -> None:
    assert set(ASKED_THROUGH) <= {full_name(query) for query in all_queries()}
    assert set(ASKED_THROUGH) & imported == set()


def names_in(path: Path) -> Iterator[str]:
    source = path.read_text(encoding="utf-8")
    words = set(re.findall(r"\w+", source))
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield f"{node.module}.{alias.name}"
                yield from (f"{node.module}.{alias.name}.{word}" for word in words if node.module in SUBJECTS)


SUBJECTS = ("queries", "findings")
