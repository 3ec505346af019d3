"""Batches over HTTP: taken once, answered per event, committed first, and only by keys that may."""

import gzip
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text

from api.app import api
from database.api_keys import NewKey, new_key, revoke_key
from database.tenancy import tenant_tx
from sources.freshness import doors
from tests.builders import NOW, ACreator, a_creator, a_video, refreshed
from tests.sources.events.test_tokens import a_token

pytestmark = pytest.mark.usefixtures("shared_database")

SCHOOL = "https://school.example"


@dataclass(frozen=True)
class Sending:
    """A client with a key."""

    creator: ACreator
    key: NewKey
    origin: str | None = None

    def __call__(self, *events: Any, **more: Any) -> Any:
        return self.post(json.dumps({"events": list(events), **more}).encode())

    def page(self, *events: Any, **more: Any) -> Any:
        return self(*events, **{"key": self.key.key, "student": self.token("ada"), **more})

    def post(self, body: bytes, **headers: str) -> Any:
        client = TestClient(api, raise_server_exceptions=False)
        named = {"origin": self.origin} if self.origin else {"authorization": f"Bearer {self.key.key}"}
        return client.post("/ingest/v1/batch", content=body, headers=named | headers)

    def token(self, student: str, **options: Any) -> str:
        return a_token(student, key=self.key.id, **options)

    def segments(self) -> list[tuple[Any, ...]]:
        return rows(
            self.creator,
            """
            select students.external_id, videos.external_id, start_second, end_second, watched_at
            from watch_segments
            join students on students.creator_id = watch_segments.creator_id and students.id = student_id
            join videos on videos.creator_id = watch_segments.creator_id and videos.id = video_id
            order by 1, 2, watched_at, start_second
            """,
        )


@pytest.fixture
def platform() -> Sending:
    return a_server()


@pytest.fixture
def page() -> Sending:
    return a_page()


def test_events_are_stored_before_the_answer_and_describe_what_they_name(platform):
    answer = platform(
        {"id": "v", "type": "video", "video": "loops", "title": "Loops", "durationSeconds": 60},
        {"id": "s", "type": "student", "student": "ada", "name": "Ada Moss"},
        watched("w1"),
        watched("w2", **{"from": 10, "to": 20}),
    )

    assert (answer.status_code, answer.json()) == (202, answered(accepted=4))
    assert platform.segments() == [
        ("ada", "loops", 0, 10, NOW - timedelta(minutes=10)),
        ("ada", "loops", 10, 20, NOW - timedelta(minutes=10)),
    ]
    assert rows(platform.creator, "select name from students") == [("Ada Moss",)]


def test_an_event_counts_once_whatever_its_batch_says_of_the_time(platform):
    event = watched(at=NOW - timedelta(hours=1))
    sent = [{}, {"sentAt": NOW.isoformat()}, {"sentAt": (NOW - timedelta(minutes=40)).isoformat()}]

    answers = [platform(event, **more).json() for more in sent]

    assert answers == [answered(accepted=1), answered(duplicate=1), answered(duplicate=1)]
    assert len(platform.segments()) == 1


def test_of_two_contents_with_one_id_the_first_counts(platform):
    assert platform(watched(), watched(), watched(to=7)).json() == answered(accepted=1, duplicate=1, conflicting=1)
    assert platform(watched(to=8)).json() == answered(conflicting=1)
    assert [segment[3] for segment in platform.segments()] == [10]


def test_a_rejected_event_may_be_sent_again_in_order(platform):
    platform({"id": "v", "type": "video", "video": "loops", "durationSeconds": 60})

    [rejected] = platform(watched(**{"from": 55, "to": 61.5})).json()["rejected"]

    assert (rejected["code"], rejected["field"], rejected["value"]) == ("beyond_the_end", "to", 61.5)
    assert platform(watched(**{"from": 55, "to": 61})).json() == answered(accepted=1)


def test_what_only_the_landing_can_refuse_is_rejected_too(platform):
    quiz = {"id": "q", "type": "question", "question": "q1", "quiz": "one"}
    too_long = {"id": "n", "type": "student", "student": "bo", "name": "x" * 301}

    answer = platform(quiz, quiz | {"id": "q2", "quiz": "two"}, too_long).json()

    assert [(one["index"], one["code"], one["field"]) for one in answer["rejected"]] == [
        (1, "invalid", "quiz"),
        (2, "invalid", "name"),
    ]
    assert receipts(platform.creator) == 1


def test_a_length_that_only_players_know_is_kept_until_somebody_says_it(page):
    page.page(watched_on_page(duration=61.4))
    assert lengths(page.creator) == [(61,)]

    page.page(watched_on_page("w2", duration=90))
    assert lengths(page.creator) == [(61,)]

    Sending(page.creator, new_key(page.creator.id, "A server", "ingest"))(
        {"id": "v", "type": "video", "video": "loops", "durationSeconds": 60}
    )
    assert lengths(page.creator) == [(60,)]


def test_a_page_sends_for_the_student_of_its_token(page):
    answer = page.page(watched_on_page())

    assert (answer.status_code, answer.json()) == (202, answered(accepted=1))
    assert answer.headers["access-control-allow-origin"] == SCHOOL
    assert "access-control-allow-credentials" not in answer.headers
    assert [segment[0] for segment in page.segments()] == ["ada"]


def test_a_viewer_without_a_token_is_nobody_that_is_known(page):
    page.page(watched_on_page())

    answer = page(watched_on_page(), key=page.key.key, anonymous="0123456789abcdef")

    assert answer.json() == answered(accepted=1)
    assert {segment[0] for segment in page.segments()} == {"ada", "anonymous:0123456789abcdef"}


def test_an_unsigned_student_is_refused(page):
    assert page(watched_on_page(), key=page.key.key).status_code == 400
    assert code_of(page.page(watched_on_page(), student="ada")) == (401, "wrong_token")
    assert code_of(page.page(watched_on_page(), student=a_token("ada"))) == (401, "wrong_token")
    expired = page.token("ada", expires=int(NOW.timestamp()))
    assert code_of(page.page(watched_on_page(), student=expired)) == (401, "expired_token")
    assert code_of(page.page(watched_on_page(), anonymous="0123456789abcdef")) == (400, "bad_request")
    assert [one["code"] for one in page.page(watched()).json()["rejected"]] == ["not_allowed"]
    assert page.segments() == []


@pytest.mark.parametrize(
    "origin", [None, "null", "https://school.example:8443", "http://school.example", "https://x.example"]
)
def test_a_key_of_pages_works_on_its_own_pages_only(page, origin):
    elsewhere = TestClient(api).post(
        "/ingest/v1/batch",
        content=json.dumps({"key": page.key.key, "student": page.token("ada"), "events": [watched_on_page()]}),
        headers={"origin": origin} if origin else {},
    )

    assert code_of(elsewhere) == (403, "cross_origin")
    assert "access-control-allow-origin" not in elsewhere.headers
    assert page.segments() == []


def test_keys_work_only_the_way_they_are_meant_to(platform, page):
    in_body = TestClient(api).post(
        "/ingest/v1/batch",
        content=json.dumps({"key": platform.key.key, "events": [watched()]}),
        headers={"origin": SCHOOL},
    )
    in_header = Sending(page.creator, page.key)(watched())
    other_scope = Sending(platform.creator, new_key(platform.creator.id, "x", "write"))(watched())
    unknown = Sending(platform.creator, NewKey(platform.key.id, "cdk_unknown"))(watched())
    revoke_key(platform.key.id)

    assert code_of(in_body) == code_of(in_header) == code_of(other_scope) == (403, "wrong_scope")
    assert code_of(unknown) == (401, "unknown_key")
    assert code_of(platform(watched())) == (401, "revoked_key")
    assert code_of(TestClient(api).post("/ingest/v1/batch", content=b'{"events": []}')) == (401, "missing_key")
    assert platform.segments() == page.segments() == []


@pytest.mark.parametrize("origins", [[], [SCHOOL]])
def test_keys_for_events_read_nothing(origins):
    creator = a_creator()
    key = new_key(creator.id, "Events", "ingest", origins).key

    for path in ("/creator/dashboard", "/creator/students", "/creator/exports"):
        answer = TestClient(api).get(path, headers={"authorization": f"Bearer {key}", "origin": SCHOOL})
        assert code_of(answer) == (403, "wrong_scope")


def test_a_key_writes_to_its_creator_alone(platform):
    others = a_creator(a_video(external_id="loops", duration_seconds=5))

    assert platform(watched(to=10)).json() == answered(accepted=1)

    assert rows(others, "select 1 from watch_segments") == rows(others, "select 1 from event_receipts") == []
    assert a_server()(watched()).json() == answered(accepted=1)  # ids are of one creator


def test_below_enterprise_nothing_is_taken():
    creator = a_creator(subscription_tier="pro")

    answer = Sending(creator, new_key(creator.id, "x", "ingest"))(watched())

    assert code_of(answer) == (403, "feature_access_denied")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"no json", 400),
        (b"[]", 400),
        (b'{"events": 5}', 400),
        (b"[" * 400_000, 400),
        (b'{"events": [], "sentAt": "soon"}', 400),
        (b'{"events": []}' + b" " * 500_000, 413),
        (json.dumps({"events": [{}] * 501}).encode(), 413),
    ],
    ids=range(8),
)
def test_what_is_no_batch_is_refused_whole(platform, body, status):
    answer = platform.post(body)

    assert answer.status_code == status
    assert answer.json()["code"] == {400: "bad_request", 413: "too_large"}[status]


def test_a_batch_may_be_compressed_and_a_bomb_stays_small(platform):
    def packed(content: bytes) -> Any:
        return platform.post(content, **{"content-encoding": "gzip"})

    good = gzip.compress(json.dumps({"events": [watched()]}).encode())

    assert packed(good).json() == answered(accepted=1)
    assert packed(gzip.compress(b"0" * 200_000_000)).status_code == 413
    assert packed(good[:-5]).status_code == packed(good + good).status_code == packed(b"no gzip").status_code == 400
    assert platform.post(b"{}", **{"content-encoding": "br"}).status_code == 400


def test_a_beacon_says_it_is_text(page):
    body = {"key": page.key.key, "student": page.token("ada"), "events": [watched_on_page()]}

    answer = page.post(json.dumps(body).encode(), **{"content-type": "text/plain;charset=UTF-8"})

    assert answer.json() == answered(accepted=1)


def test_browsers_may_ask_first_without_a_database(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    asked = {"origin": SCHOOL, "access-control-request-method": "POST"}

    answer = TestClient(api).options("/ingest/v1/batch", headers=asked)

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == SCHOOL
    assert answer.headers["access-control-max-age"] == "7200"
    assert "authorization" not in answer.headers["access-control-allow-headers"].lower()


def test_without_a_database_the_sender_is_told_to_try_again(platform, monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")

    answer = platform(watched())

    assert code_of(answer) == (503, "unavailable")
    assert int(answer.headers["retry-after"]) >= 1


def test_too_much_is_told_when_to_try_again(page, platform, monkeypatch):
    monkeypatch.setenv("INGEST_EVENTS_PER_MINUTE", "3")

    answers = [platform(watched("a"), watched("b")), platform(watched("c"), watched("d"))]

    assert [answer.status_code for answer in answers] == [202, 429]
    assert 1 <= int(answers[1].headers["retry-after"]) <= 60
    assert len(platform.segments()) == 1 + 0  # a and b say the same
    monkeypatch.setenv("INGEST_EVENTS_PER_MINUTE", "500")  # ten requests, one of them from one address
    assert page.page(watched_on_page()).status_code == 202
    again = page.page(watched_on_page("x"))
    assert again.status_code == 429
    assert again.headers["access-control-expose-headers"] == "Retry-After"


def test_each_door_says_how_alive_it_is(platform):
    page = a_page(platform.creator)
    platform(watched(), watched("w2", at=NOW - timedelta(hours=3)), {"id": "x"}, watched("w3", to=-1))
    platform(watched(), watched(to=3))
    page.page(watched_on_page())

    of_server, of_page = doors(platform.creator.id)

    assert (of_server.name, of_server.accepted, of_server.duplicate, of_server.conflicting) == ("events", 2, 1, 1)
    assert of_server.last_event_at == NOW - timedelta(minutes=10)
    assert of_server.last_heard_at == NOW
    assert of_server.refused == {"unknown_type": 1, "invalid": 1}
    assert (of_page.name, of_page.accepted, of_page.refused) == ("player", 1, {})
    assert doors(a_creator().id) == []


def test_the_snippet_is_served_to_any_page():
    answer = TestClient(api).get("/ingest/v1/player.js", headers={"origin": SCHOOL})

    assert answer.headers["content-type"].startswith("text/javascript")
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    assert "CreatorDashboard" in answer.text


def test_unknown_parameters_are_refused(platform):
    assert TestClient(api).post("/ingest/v1/batch?debug=1", content=b"{}").status_code == 422


def test_figures_follow(platform):
    platform(
        {"id": "v", "type": "video", "video": "loops", "durationSeconds": 20},
        watched(**{"from": 0, "to": 10}),
        watched("w2", **{"from": 10, "to": 20}),
    )
    refreshed(platform.creator)

    found = rows(platform.creator, "select watched_seconds, is_completed from watched_videos where course = 0")
    assert found == [(20, True)]


def a_server() -> Sending:
    creator = a_creator()
    return Sending(creator, new_key(creator.id, "A server", "ingest"))


def a_page(creator: ACreator | None = None) -> Sending:
    creator = creator or a_creator()
    return Sending(creator, new_key(creator.id, "A page", "ingest", [SCHOOL]), SCHOOL)


def watched(event_id: str = "w1", at: datetime = NOW - timedelta(minutes=10), **changes: Any) -> dict[str, Any]:
    event = {"id": event_id, "type": "watched", "at": at.astimezone(UTC).isoformat(), "student": "ada"}
    return event | {"video": "loops", "from": 0, "to": 10} | changes


def watched_on_page(*arguments: Any, **changes: Any) -> dict[str, Any]:
    return {name: value for name, value in watched(*arguments, **changes).items() if name != "student"}


def answered(accepted: int = 0, duplicate: int = 0, conflicting: int = 0) -> dict[str, Any]:
    return {"accepted": accepted, "duplicate": duplicate, "conflicting": conflicting, "rejected": []}


def code_of(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


def rows(creator: ACreator, statement: str) -> list[tuple[Any, ...]]:
    with tenant_tx(creator.id) as connection:
        return [tuple(row) for row in connection.execute(text(statement))]


def lengths(creator: ACreator) -> list[tuple[Any, ...]]:
    return rows(creator, "select duration_seconds from videos")


def receipts(creator: ACreator) -> int:
    return rows(creator, "select count(*) from event_receipts")[0][0]
