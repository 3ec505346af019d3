"""Texts that no database or renderer can hold: a program that sends them is told so, and nothing breaks."""

import json
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient

from api.app import api
from tests.api.asking import Asking, by_key
from tests.builders import ACreator, a_creator, a_video
from tests.odd_text import HALVES, STORABLE

# A fixed id: it is in the names of the tests, which must be the same in every process.
VIDEO = a_video("Knots", id=UUID(int=7))

BODIES: list[tuple[str, str, Any]] = [
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"title": "a{}b"}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"description": "{}"}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"category": "{}b"}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"tags": ["rope", "a{}"]}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"transcript": "a{}b"}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"difficultyLevel": "{}"}),
    ("PATCH", f"/creator/videos/{VIDEO.id}", {"a{}b": "c"}),
    ("PUT", "/creator/videos/order", {"videoIds": ["{}"]}),
    ("PATCH", "/creator/preferences", {"period": "{}"}),
    ("PATCH", "/creator/preferences", {"cards": ["a{}"]}),
    ("PATCH", "/creator/preferences", {"{}": True}),
    ("POST", "/creator/export", {"type": "a{}b", "format": "csv"}),
    ("POST", "/creator/export", {"type": "students", "format": "a{}"}),
    ("POST", "/creator/export", {"type": "students", "format": "csv", "filters": {"search": "a{}b"}}),
    ("POST", "/creator/export", {"type": "videos", "format": "csv", "filters": {"category": "a{}b"}}),
    ("POST", "/creator/export", {"type": "videos", "format": "csv", "filters": {"a{}b": "c"}}),
    ("POST", "/creator/export", {"{}": {"{}": ["{}"]}}),
]


@pytest.fixture(scope="module")
def creator(shared_database) -> ACreator:
    return a_creator(VIDEO)


@pytest.mark.parametrize(("method", "path", "body"), BODIES)
@pytest.mark.parametrize("half", [HALVES[0], HALVES[-1]], ids=ascii)
def test_half_a_character_is_refused_with_422_wherever_it_stands(creator, method, path, body, half):
    asking = by_key(creator.id, "export" if method == "POST" else "write")

    answer = sent(asking, method, path, with_text(body, half))

    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "invalid_request"


def test_a_body_of_half_a_character_alone_is_refused(creator):
    for raw in (b'"\\ud800"', b'["\\udc00"]', b'{"title": "\\ud83d"}', b'{"title": "\xed\xa0\x80"}', b"\xff\xfe{}"):
        answer = by_raw(by_key(creator.id, "write"), "PATCH", f"/creator/videos/{VIDEO.id}", raw)

        assert answer.status_code in (400, 422), (raw, answer.text)


def test_every_other_character_is_taken_but_for_null(creator):
    write, read = by_key(creator.id, "write"), by_key(creator.id)
    for first in range(0, len(STORABLE), 20):
        odd = "".join(STORABLE[first : first + 20])
        body = {"title": f"a{odd}b", "description": odd, "category": f"c{odd}", "tags": [f"d{odd}"]}

        answer = sent(write, "PATCH", f"/creator/videos/{VIDEO.id}", body)

        assert answer.status_code == 200, answer.text
        assert read.get(f"/creator/videos/{VIDEO.id}").status_code == 200
    assert sent(write, "PATCH", f"/creator/videos/{VIDEO.id}", {"title": "a\x00b"}).status_code == 422


@pytest.mark.parametrize("path", ["students?search=a{}", "videos?category={}&search={}", "students?{}=1", "videos/{}"])
@pytest.mark.parametrize("odd", ["%ED%A0%80", "%0B", "%EF%BF%BE", "%00", "%FF"])
def test_addresses_with_such_characters_are_answered(creator, path, odd):
    answer = by_key(creator.id).get(f"/creator/{path.replace('{}', odd)}")

    assert answer.status_code in (200, 404, 422), answer.text


def sent(asking: Asking, method: str, path: str, body: Any) -> Any:
    return by_raw(asking, method, path, json.dumps(body).encode())


def by_raw(asking: Asking, method: str, path: str, content: bytes) -> Any:
    client = TestClient(api, raise_server_exceptions=False)
    headers = asking.headers | {"content-type": "application/json"}
    return client.request(method, path, content=content, headers=headers)


def with_text(body: Any, text: str) -> Any:
    if isinstance(body, dict):
        return {name.replace("{}", text): with_text(value, text) for name, value in body.items()}
    if isinstance(body, list):
        return [with_text(value, text) for value in body]
    return body.replace("{}", text) if isinstance(body, str) else body
