"""What every response has: an id, a tag, an explanation of what is wrong; and what the log contains."""

import json
import logging
import time
from datetime import timedelta

import pytest
from fastapi.testclient import TestClient

from api import limits
from api.app import api
from database import redis_server
from database.logs import JsonLines, noting
from database.workers import NO_WORKER, START_ONE
from queries.exports.waiting import NOBODY
from tests.api.asking import by_key, holding, nobody
from tests.builders import NOW, a_creator, a_student, add, an_event, refreshed
from tests.exports import an_export
from tests.redis_server import a_redis
from tests.workers import a_worker_heard

pytestmark = pytest.mark.usefixtures("shared_database")


@pytest.fixture(scope="module")
def creator(shared_database):
    return a_creator(a_student("Ada Moss"), an_event(days_ago=1))


def test_a_tag_that_is_known_saves_the_answer_until_the_data_change():
    creator = a_creator(a_student())
    asking = by_key(creator.id)
    first = asking.get("/creator/dashboard")

    again = asking.get("/creator/dashboard", **{"if-none-match": f'W/"other", {first.headers["etag"]}'})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert again.headers["cache-control"] == "private, no-cache"

    add(creator, an_event())
    refreshed(creator)
    assert asking.get("/creator/dashboard", **{"if-none-match": first.headers["etag"]}).status_code == 200


def test_a_tag_belongs_to_one_creator_address_and_five_minutes(creator, monkeypatch):
    asking = by_key(creator.id)
    tag = asking.get("/creator/dashboard").headers["etag"]

    others = [
        asking.get("/creator/dashboard?period=7d"),
        asking.get("/creator/students"),
        by_key(a_creator().id).get("/creator/dashboard"),
    ]
    monkeypatch.setenv("DASHBOARD_NOW", (NOW + timedelta(minutes=5)).isoformat())
    others.append(asking.get("/creator/dashboard"))

    tags = [other.headers["etag"] for other in others]
    assert len({tag, *tags}) == 5


def test_what_is_not_a_figure_has_no_tag(creator):
    answer = by_key(creator.id).get("/creator/preferences")

    assert "etag" not in answer.headers
    assert answer.headers["cache-control"] == "private, no-store"


def test_every_answer_has_an_id_and_a_given_one_is_kept(creator):
    asking = by_key(creator.id)

    assert asking.get("/health", **{"x-request-id": "of-the-caller.1"}).headers["x-request-id"] == "of-the-caller.1"
    for given in ("short", "x" * 65, "with space", 'inject"ed'):
        assert asking.get("/health", **{"x-request-id": given}).headers["x-request-id"] != given
    assert nobody().get("/nowhere").headers["x-request-id"] != nobody().get("/nowhere").headers["x-request-id"]


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [
        ("period=5d", "period", "5d"),
        ("period=", "period", ""),
    ],
)
def test_a_parameter_that_cannot_be_used_is_named_with_its_value(creator, query, field, value):
    answer = by_key(creator.id).get(f"/creator/dashboard?{query}")

    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["errors"][0] == {
        "field": field,
        "value": value,
        "message": f'The period is "{value}"; '
        "choose one of 7d, 30d, 90d, this-month, last-month, run, run:<id> "
        "or two dates such as 2026-01-05..2026-02-10.",
    }


@pytest.mark.parametrize(
    "query",
    [
        "status=gone",
        "progress=0-99",
        "lastActive=year",
        "sortBy=email",
        "sortOrder=up",
        "limit=0",
        "limit=1001",
        "offset=-1",
    ],
)
def test_every_parameter_of_the_student_list_is_checked(creator, query):
    answer = by_key(creator.id).get(f"/creator/students?{query}")
    name, _, value = query.partition("=")

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == name
    assert str(answer.json()["errors"][0]["value"]) == value


def test_searching_for_what_no_database_holds_finds_nothing_or_is_refused(creator):
    for search, status in (("%00", 422), ("%25", 200), ("%5C", 200), ("_", 200), ("a" * 100, 200), ("a" * 101, 422)):
        assert by_key(creator.id).get(f"/creator/students?search={search}").status_code == status, search


def test_a_method_that_an_address_does_not_take_is_refused_with_those_it_takes(creator):
    answer = nobody()("POST", "/creator/preferences")

    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, PATCH")


def test_a_body_over_a_megabyte_is_refused(creator):
    answer = by_key(creator.id, "write")("PATCH", "/creator/preferences", json={"period": "x" * 1_000_001})

    assert (answer.status_code, answer.json()["code"]) == (413, "too_large")


def test_a_database_that_is_away_is_told_with_when_to_come_back(creator, monkeypatch):
    asking = by_key(creator.id)
    monkeypatch.setenv("DATABASE_URL", "postgresql://127.0.0.1:1/nothing")

    answer, ready, alive = asking.get("/creator/dashboard"), nobody().get("/ready"), nobody().get("/health")

    assert (answer.status_code, answer.json()["code"]) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert (ready.status_code, ready.json()["database"], ready.json()["status"]) == (503, False, "not ready")
    assert "The database is not responding." in ready.json()["problems"][0]
    assert alive.status_code == 200


def test_ready_says_what_is_there(creator):
    a_worker_heard()

    assert nobody().get("/ready").json() == {
        "status": "ready",
        "problems": [],
        "database": True,
        "migrations": True,
        "workerSeen": True,
        "lastRefresh": "2026-03-04T12:00:00Z",
    }


def test_ready_stays_ready_without_a_worker_and_says_so_loudly(creator):
    a_worker_heard(seconds_ago=60)

    answer = nobody().get("/ready")

    assert (answer.status_code, answer.json()["status"], answer.json()["workerSeen"]) == (200, "ready", False)
    assert answer.json()["problems"] == [f"{NO_WORKER} {START_ONE}"]


def test_an_export_that_waits_says_why():
    creator = a_creator()
    asking, waiting = by_key(creator.id, scope="export"), an_export(creator)
    a_worker_heard(seconds_ago=60)

    alone, listed = asking.get(f"/creator/exports/{waiting}").json(), asking.get("/creator/exports").json()

    assert alone["waitingFor"] == listed["exports"][0]["waitingFor"] == NOBODY
    a_worker_heard()
    assert asking.get(f"/creator/exports/{waiting}").json()["waitingFor"] == "Waiting to start"


@pytest.mark.parametrize("with_redis", [False, True])
def test_too_many_requests_are_told_when_to_come_back(creator, monkeypatch, with_redis):
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "3")
    monkeypatch.setattr(time, "time", lambda: 1_000_000 * 60 + 18.0)
    monkeypatch.setattr(redis_server, "BUDGET_SECONDS", 5.0)
    with a_redis() as redis:
        if with_redis:
            monkeypatch.setenv("REDIS_URL", redis.url)
        asking, other = by_key(creator.id), by_key(creator.id)

        answers = [asking.get("/creator/preferences") for _ in range(5)]

        assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
        assert (answers[-1].json()["code"], answers[-1].headers["retry-after"]) == ("too_many_requests", "42")
        assert other.get("/creator/preferences").status_code == 200
        if with_redis:
            limits._counted.clear()  # another process has counted nothing
            assert asking.get("/creator/preferences").status_code == 429
        monkeypatch.setattr(time, "time", lambda: 1_000_001 * 60.0)
        assert asking.get("/creator/preferences").status_code == 200


def test_whoever_tries_keys_is_told_to_wait(monkeypatch):
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "20")
    monkeypatch.setattr(time, "time", lambda: 2_000_000 * 60.0)

    assert [holding(f"cdk_{guess}").get("/creator/chat").status_code for guess in range(3)] == [401, 401, 429]


def test_an_enrolment_between_two_requests_shows_in_the_second():
    creator = a_creator(a_student())
    asking = by_key(creator.id)
    first = asking.get("/creator/dashboard")

    add(creator, a_student("Bo Lind"))
    second = asking.get("/creator/dashboard", **{"if-none-match": first.headers["etag"]})

    assert [answer.json()["students"]["total"] for answer in (first, second)] == [1, 2]


def test_log_lines_are_json_with_the_id_and_without_personal_data(creator, caplog, monkeypatch):
    monkeypatch.setattr(caplog.handler, "formatter", JsonLines())
    with caplog.at_level(logging.INFO, "api"):
        answer = by_key(creator.id).get("/creator/students?search=quirin@example.org")

    line = caplog.records[-1]
    assert line.details["route"] == "/creator/students"
    assert line.details["status"] == answer.status_code == 200
    assert line.details["creator"] == str(creator.id)
    with noting(requestId=answer.headers["x-request-id"]):
        told = JsonLines().format(line)
    assert {"at", "level", "event", "requestId", "method", "milliseconds"} <= set(json.loads(told))
    assert "quirin" not in caplog.text.lower()  # no id is spelt like this
    assert "cdk_" not in caplog.text


def test_an_error_of_ours_is_answered_and_logged_without_its_words(creator, monkeypatch, caplog):
    def broken(*_arguments):
        raise RuntimeError("Ada Moss wrote this")

    monkeypatch.setattr("api.routes.figures.dashboard_response", broken)
    answer = by_key(creator.id).get("/creator/dashboard", **{"x-request-id": "of-the-caller.2"})

    assert (answer.status_code, answer.json()["code"]) == (500, "internal_error")
    assert answer.headers["x-request-id"] == "of-the-caller.2"
    failed = next(record for record in caplog.records if record.exc_info)
    line = JsonLines().format(failed)
    assert "RuntimeError" in line
    assert "Ada" not in line
    assert "Ada" not in answer.text


def test_the_api_alone_logs_as_json_from_its_start():
    before = logging.Handler.format

    with TestClient(api) as client:
        assert client.get("/health").status_code == 200
        assert logging.Handler.format is not before
