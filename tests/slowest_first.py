"""The files that take longest, which the workers begin with: whoever begins one last lets the others wait for it."""

import pytest

from database.settings import PROJECT_DIR

# By seconds on two idle cores, roughly. Their order decides nothing but how evenly the workers end.
SLOWEST = (
    "tests/browser/test_every_page.py",
    "tests/api/test_described.py",
    "tests/reports/test_same_figures.py",
    "tests/reports/exports/test_pdf.py",
    "tests/reports/exports/test_hostile.py",
    "tests/browser/test_a_visit.py",
    "tests/test_manage.py",
    "tests/queries/test_queries_equal_plain_python.py",
    "tests/jobs/test_killed_workers.py",
    "tests/queries/test_chat.py",
    "tests/api/test_two_processes.py",
    "tests/reports/exports/test_writing.py",
    "tests/reports/mail/test_killed_workers.py",
    "tests/database/test_incremental_equals_rebuilt.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slowest files first; the order within a file and of all other files stays."""
    places = {str(PROJECT_DIR / file): place for place, file in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(str(item.path), len(places)))
