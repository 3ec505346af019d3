"""What every test of a page has: a database of its own."""

import pytest


@pytest.fixture(autouse=True)
def page_database(database: object) -> None:
    """The pages read this test's own database."""
