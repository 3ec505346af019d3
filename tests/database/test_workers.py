"""Whether anybody works in the background."""

import pytest

from database.workers import workers_heard
from tests.workers import a_worker_heard

pytestmark = pytest.mark.usefixtures("database")


@pytest.mark.parametrize(("seconds_ago", "workers"), [(0, 1), (29, 1), (31, 0)])
def test_a_worker_counts_until_it_is_silent_for_thirty_seconds(seconds_ago: float, workers: int) -> None:
    a_worker_heard(seconds_ago)

    assert workers_heard() == workers
