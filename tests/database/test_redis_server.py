"""A broken Redis is logged once a minute, whatever is requested from it in the meantime."""

import logging
import time

import pytest

from database import redis_server, seldom
from database.redis_server import RedisAway, Server
from database.seldom import SeldomTold
from tests.redis_server import a_free_port, a_redis

logger = logging.getLogger("tests.redis")


@pytest.fixture
def clock(monkeypatch):
    """Seconds that pass when the test says so."""
    now = [1_000.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(redis_server, "BUDGET_SECONDS", 5.0)
    return now


def told(caplog) -> list[tuple[str, int]]:
    """The lines so far, each with how many it says were left out."""
    return [(record.getMessage(), record.details["leftOut"]) for record in caplog.records]


def ask(server: Server, times: int = 1, question=lambda redis: redis.set("a", "b")) -> None:
    for _ in range(times):
        try:
            server.ask(question)
        except RedisAway:
            continue


def test_a_redis_that_is_away_is_one_line_a_minute_and_one_when_it_answers_again(caplog, clock, monkeypatch):
    monkeypatch.setattr(redis_server, "REST_SECONDS", 0.0)  # so that every request tries
    port = a_free_port()
    server = Server(f"redis://127.0.0.1:{port}/0")

    ask(server, 300)
    assert [left_out for _, left_out in told(caplog)] == [0]
    clock[0] += 61
    ask(server, 10)
    assert [left_out for _, left_out in told(caplog)] == [0, 299]
    with a_redis(port):
        ask(server, 10)

    assert told(caplog)[2:] == [("Redis answers again.", 9)]
    assert told(caplog)[0][0] == "Redis does not answer: ConnectionError; answers come from PostgreSQL meanwhile."


def test_a_full_redis_that_still_reads_is_one_line_a_minute_too(caplog, clock):
    with a_redis() as redis:
        server = Server(redis.url)
        redis.fill()
        for _ in range(200):
            ask(server)
            ask(server, question=lambda client: client.get("a"))
        assert told(caplog) == [("Redis refuses: OutOfMemoryError; answers come from PostgreSQL meanwhile.", 0)]

        redis.client.config_set("maxmemory", "0")
        clock[0] += 61
        ask(server, 10)

    assert told(caplog)[1:] == [("Redis answers again.", 199)]


def test_a_trouble_that_comes_and_goes_is_two_lines_a_minute_at_most(caplog, clock):
    trouble = SeldomTold(logger, "over")
    for _ in range(100):
        trouble.met("there")
        trouble.over()
        clock[0] += 1

    assert [words for words, _ in told(caplog)] == ["there", "over", "there", "over"]
    assert told(caplog)[2] == ("there", 59)


def test_what_was_never_told_is_never_over(caplog):
    trouble = SeldomTold(logger, "over")
    trouble.over()

    assert caplog.records == []
    assert seldom.SECONDS_BETWEEN == 60
