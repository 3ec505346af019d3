"""The files that take longest, which the workers begin with: whoever begins one last lets the others wait for it."""

import pytest

from database.settings import PROJECT_DIR

# By seconds of processor time, roughly. Their order decides nothing but how evenly the workers end.
SLOWEST = (
    "tests/browser/test_every_page.py",
    "tests/queries/test_levels.py",
    "tests/api/test_described.py",
    "tests/test_manage.py",
    "tests/reports/exports/test_hostile.py",
    "tests/api/test_who_may_ask.py",
    "tests/reports/test_same_figures.py",
    "tests/browser/test_a_visit.py",
    "tests/reports/exports/test_pdf.py",
    "tests/database/demo/test_load.py",
    "tests/queries/test_queries_equal_plain_python.py",
    "tests/database/test_distribution.py",
    "tests/api/test_courses.py",
    "tests/api/test_two_processes.py",
    "tests/reports/exports/test_writing.py",
    "tests/database/test_activity.py",
    "tests/jobs/test_killed_workers.py",
    "tests/queries/chat/test_chat.py",
    "tests/reports/exports/test_levels.py",
    "tests/pages/test_one_look.py",
    "tests/pages/test_periods.py",
    "tests/queries/cache/test_cache_bytes.py",
    "tests/queries/courses/test_course_figures.py",
    "tests/queries/periods/test_any_period.py",
    "tests/database/test_levels.py",
    "tests/database/test_incremental_equals_rebuilt.py",
    "tests/mail/test_killed_workers.py",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Slowest files first; the order within a file and of all other files stays."""
    places = {str(PROJECT_DIR / file): place for place, file in enumerate(SLOWEST)}
    items.sort(key=lambda item: places.get(str(item.path), len(places)))
