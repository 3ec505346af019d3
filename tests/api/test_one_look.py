"""A request looks up its caller together with the data version, and reads everything else in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import event

import api.routing
from api.routing import FiguresRoute
from database.engine import engine
from database.refresh import refresh
from queries.cache.caching import forget_everything
from queries.overview.headline import overview_stats
from tests.api.asking import by_key
from tests.api.test_remembered import addresses_of, gettable
from tests.builders import a_creator, a_student, add
from tests.queries.every_answer import a_told_creator

pytestmark = pytest.mark.usefixtures("database")

LET_IN, LOOK = "from api_keys", "-- One row: the version"


@contextmanager
def watched() -> Iterator[list[str]]:
    """Each statement in the meantime, and "begin" for each transaction."""
    done: list[str] = []

    def begun(_connection):
        done.append("begin")

    def sent(_connection, _cursor, statement, *_rest):
        done.append(statement)

    event.listen(engine(), "begin", begun)
    event.listen(engine(), "before_cursor_execute", sent)
    try:
        yield done
    finally:
        event.remove(engine(), "begin", begun)
        event.remove(engine(), "before_cursor_execute", sent)


def test_an_answer_is_read_in_one_transaction_and_a_known_one_in_none():
    about = a_told_creator()
    asking = by_key(about.creator_id, "export")
    for address in [address for route in gettable() for address in addresses_of(route, about)]:
        asking.get(address)  # the use of the key is recorded once a minute
        forget_everything()
        api.routing.ANSWERS.forget()
        with watched() as fresh:
            tag = asking.get(address).headers.get("etag")
        with watched() as known:
            asking.get(address)
        with watched() as unchanged:
            asking.get(address, **{"if-none-match": tag or ""})

        assert fresh.count("begin") == 2, address  # the caller, from the directory; all figures
        assert sum(LET_IN in step for step in fresh) == 1
        assert sum(LOOK in step for step in fresh) <= 1  # in the transaction that the figures are read in
        if tag:
            assert known.count("begin") == unchanged.count("begin") == 1, address
            assert not [step for step in known + unchanged if LOOK in step]


def test_data_that_go_on_between_the_door_and_the_figures_are_read_whole_and_tagged_as_what_they_are(monkeypatch):
    creator = a_creator(a_student("Ada"))
    asking = by_key(creator.id)
    before = asking.get("/creator/dashboard").headers["etag"]
    api.routing.ANSWERS.forget()
    forget_everything()
    assert overview_stats(creator.id).total_students == 1  # cached, unlike the rest of the response
    let_in = api.routing.let_in  # type: ignore[attr-defined]

    def let_in_before_a_refresh(*arguments):
        caller = let_in(*arguments)
        add(creator, a_student("Bo"))
        refresh(creator.id)
        return caller

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(api.routing, "let_in", let_in_before_a_refresh)
        late = asking.get("/creator/dashboard")
    after = asking.get("/creator/dashboard")

    assert late.json()["students"]["total"] == 2
    assert late.headers["etag"] == after.headers["etag"] != before


def test_every_figures_route_reads_of_one_edition():
    routes = [route for route in gettable() if isinstance(route, FiguresRoute)]

    assert all(route.read_together is FiguresRoute.read_together for route in routes)
