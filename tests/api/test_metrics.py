"""What Prometheus reads, and who may read it."""

import asyncio
from collections import Counter

import pytest
from prometheus_client.parser import text_string_to_metric_families

from api.app import api
from api.remembered import RememberedAnswers
from database.each import each
from database.this_computer import token
from tests.api.asking import by_key, nobody
from tests.builders import a_creator, a_student, add, an_event

pytestmark = pytest.mark.usefixtures("shared_database")

LOCAL = {"host": "localhost:8501"}


def with_the_token() -> dict[str, str]:
    return LOCAL | {"authorization": f"Bearer {token()}"}


def read(headers, client="127.0.0.1", query=b"") -> tuple[int, str]:
    """Ask as a client with this address."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/metrics",
        "raw_path": b"/metrics",
        "query_string": query,
        "root_path": "",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": (client, 1),
        "server": ("localhost", 8501),
    }
    asyncio.run(api(scope, receive, send))
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent).decode()


def figures() -> dict[tuple[str, ...], float]:
    status, text = read(with_the_token())
    assert status == 200
    return {
        (sample.name, *sample.labels.values()): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_requests_and_answers_of_the_cache_are_counted(monkeypatch):
    monkeypatch.setattr("api.routing.ANSWERS", RememberedAnswers(most=0))  # otherwise the queries run once
    monkeypatch.setattr(
        "queries.cache.counts._asked", 0
    )  # other tests bypass the process's own cache and use the shared one
    monkeypatch.setattr("queries.cache.counts._counted", Counter())
    asking = by_key(a_creator(a_student()).id)
    before = figures()

    for _ in range(3):
        asking.get("/creator/chat")

    after = figures()
    requests = ("dashboard_api_requests_total", "GET", "/creator/chat", "200")
    assert after[requests] - before.get(requests, 0) == 3
    in_database, in_process = (("dashboard_cache_answers_total", level) for level in ("database", "process"))
    assert after[in_database] - before[in_database] == 3  # the three queries of the chat, once
    assert after[in_process] - before[in_process] == 6


def test_answers_given_again_are_counted():
    asking, name = by_key(a_creator(a_student()).id), ("dashboard_api_answers_given_again_total",)
    before = figures()[name]

    for _ in range(3):
        asking.get("/creator/chat")

    assert figures()[name] - before == 2


def test_what_is_remembered_is_told_in_bytes(monkeypatch):
    monkeypatch.setattr("api.routing.ANSWERS", RememberedAnswers())
    asking = by_key(a_creator(a_student()).id)
    before = figures()

    answer = asking.get("/creator/chat")

    after = figures()
    assert after[("dashboard_cache_bytes",)] > before[("dashboard_cache_bytes",)]
    assert after[("dashboard_cache_most_bytes",)] == 128 * 1024**2
    assert after[("dashboard_api_answers_bytes",)] > len(answer.content)
    assert after[("process_resident_memory_bytes",)] > 0


def test_refreshes_queue_and_database_are_told():
    creator = a_creator(a_student())
    add(creator, an_event())

    told = figures()

    assert told[("dashboard_database_up",)] == 1
    assert told[("dashboard_stale_creators",)] == 1
    assert told[("dashboard_refresh_age_seconds",)] >= 0
    assert told[("dashboard_refresh_duration_seconds",)] > 0
    assert told[("dashboard_workers",)] == 0


def test_what_failed_is_counted_by_kind_until_it_succeeds():
    creators = [a_creator().id for _ in range(2)]
    each(creators, lambda _: [][0], "refresh")
    assert figures()[("dashboard_failures", "refresh")] == 2

    each(creators[:1], str, "refresh")

    assert figures()[("dashboard_failures", "refresh")] == 1


def test_a_database_that_is_away_is_told_too(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")

    assert figures()[("dashboard_database_up",)] == 0


def test_the_token_of_the_data_folder_opens_them_on_this_computer_and_through_no_proxy_of_it():
    local = with_the_token()

    assert read(local)[0] == 200
    assert read(LOCAL)[0] == 404  # as a proxy on this computer sends it
    assert read(LOCAL | {"authorization": "Bearer another"})[0] == 404
    assert read(LOCAL | {"authorization": "Bearer "})[0] == 404
    assert read(local, client="10.0.0.5")[0] == 404
    assert read(local | {"host": "dashboard.example.org"})[0] == 404
    for header in ("x-forwarded-for", "x-real-ip", "via", "forwarded", "cf-ray", "x-client-ip"):
        assert read(local | {header: "203.0.113.5"})[0] == 404
    assert nobody().get("/metrics").content == nobody().get("/nowhere").content


def test_a_token_opens_them_to_whoever_has_it_and_to_nobody_else(monkeypatch):
    monkeypatch.setenv("METRICS_TOKEN", "a token of this test")
    bearer = {"host": "dashboard.example.org", "authorization": "Bearer a token of this test"}

    assert read(bearer, client="10.0.0.5")[0] == 200
    assert read(bearer | {"authorization": "Bearer another"})[0] == 404
    assert read(with_the_token())[0] == 404
