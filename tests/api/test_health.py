"""Whether the server answers."""

from fastapi.testclient import TestClient

from api.app import api


def test_the_process_says_that_it_is_there():
    answer = TestClient(api).get("/health")

    assert (answer.status_code, answer.json()) == (200, {"status": "ok"})
