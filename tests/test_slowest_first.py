"""The slowest files are started first, and nothing else changes its place."""

from types import SimpleNamespace

import pytest

from database.settings import PROJECT_DIR
from tests.slowest_first import SLOWEST, pytest_collection_modifyitems


def test_slow_files_come_first_and_all_else_stays_in_order() -> None:
    usual, slow, slower = "tests/queries/courses/test_funnel.py", SLOWEST[-1], SLOWEST[0]
    items = [item(usual, "b"), item(slow, "b"), item(usual, "a"), item(slow, "a"), item(slower, "a")]

    pytest_collection_modifyitems(items)

    assert [(str(one.path.relative_to(PROJECT_DIR)), one.name) for one in items] == [
        (slower, "a"),
        (slow, "b"),
        (slow, "a"),
        (usual, "b"),
        (usual, "a"),
    ]


@pytest.mark.parametrize("file", SLOWEST)
def test_every_slow_file_exists(file: str) -> None:
    assert (PROJECT_DIR / file).is_file()


def test_the_workers_keep_the_order() -> None:
    (command,) = [
        line for line in (PROJECT_DIR / "Makefile").read_text().splitlines() if line.endswith(" tests $(ARGS)")
    ]

    assert "--no-loadscope-reorder" in command


def item(file: str, name: str) -> SimpleNamespace:
    return SimpleNamespace(path=PROJECT_DIR / file, name=name)
