"""The clock, and how to query as of another time."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import text

from database.clock import as_of, now
from database.tenancy import tenant_tx
from tests.builders import NOW, a_creator

THEN = datetime(2025, 12, 31, 23, 59, tzinfo=UTC)


@pytest.mark.usefixtures("shared_database")
def test_as_of_moves_both_clocks_and_gives_them_back():
    creator = a_creator()

    with as_of(THEN):
        within = (now(), database_now(creator))
    after = (now(), database_now(creator))

    assert within == (THEN, THEN)
    assert after == (NOW, NOW)


def test_the_inner_time_counts_and_the_outer_one_comes_back():
    with as_of(THEN), as_of(NOW):
        assert now() == NOW

    with pytest.raises(ZeroDivisionError), as_of(THEN):
        _ = 1 / 0
    assert now() == NOW


def database_now(creator):
    with tenant_tx(creator.id) as connection:
        return connection.execute(text("select dashboard_now()")).scalar_one()
