"""Background work must also run with a single connection."""

from collections.abc import Iterator

import pytest

from tests.one_connection import one_connection_per_thread


@pytest.fixture(autouse=True, scope="package")
def one_connection() -> Iterator[None]:
    with one_connection_per_thread():
        yield
