"""The language model is a server of the test's own: it behaves, or misbehaves in every way we know."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from drafts import model as model_module
from drafts.drafting import drafted_quiz
from tests.drafts.test_quiz import LESSON

KEY = "sk-secret-of-the-test"
GOOD = {
    "kind": "multiple_choice",
    "prompt": "What keeps paper from buckling?",
    "options": ["Stretching", "Lifting", "Glazing"],
    "correct_answer": "Stretching",
    "source": "Stretching keeps thin paper from buckling under water.",
}
BLANK = {
    "kind": "fill_in_the_blank",
    "prompt": "_____ fluid protects white.",
    "options": [],
    "correct_answer": "Masking",
}


@contextmanager
def a_server(status: int, body: bytes, seconds: float = 0, seen: list[dict] | None = None) -> Iterator[str]:
    class Answer(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            request = self.rfile.read(int(self.headers["Content-Length"]))
            if seen is not None:
                seen.append({"path": self.path, "key": self.headers["Authorization"], **json.loads(request)})
            time.sleep(seconds)
            try:
                self.send_response(status)
                self.end_headers()
                self.wfile.write(body)
            except OSError:
                pass  # the client gave up, as it should

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/v1"
    finally:
        server.shutdown()
        server.server_close()


def an_answer(*questions: object) -> bytes:
    return json.dumps({"choices": [{"message": {"content": json.dumps({"questions": list(questions)})}}]}).encode()


@pytest.fixture
def ask(monkeypatch):
    def asked(url: str):
        monkeypatch.setenv("LLM_BASE_URL", url)
        monkeypatch.setenv("LLM_API_KEY", KEY)
        return drafted_quiz(LESSON, 600, 3)

    return asked


def test_a_good_answer_becomes_the_draft(ask):
    seen: list[dict] = []
    with a_server(200, an_answer(GOOD, BLANK, GOOD), seen=seen) as url:
        draft = ask(url)

    assert [question.kind for question in draft.questions] == [
        "multiple_choice",
        "fill_in_the_blank",
        "multiple_choice",
    ]
    assert draft.questions[0].second > 0  # found in the transcript
    assert draft.note == ""
    assert seen[0]["path"] == "/v1/chat/completions"
    assert seen[0]["key"] == f"Bearer {KEY}"
    assert seen[0]["messages"][1] == {"role": "user", "content": LESSON}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (500, b"oops", "status 500"),
        (401, b"no", "status 401"),
        (200, b"not json", "not the JSON"),
        (200, b"[]", "not the JSON"),
        (200, b"[" * 100_000, "not the JSON"),
        (200, an_answer(GOOD), "3 questions"),
        (200, an_answer(GOOD, GOOD, "nonsense"), "not an object"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "kind": "essay"}), "unknown kind"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "options": ["Glazing", "glazing", "Stretching"]}), "repeat"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "options": ["Glazing", "Lifting"]}), "lack its answer"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "options": "Stretching"}), "2 to 8 options"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "prompt": ""}), "empty"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "prompt": "x" * 2_000}), "too long"),
        (200, an_answer(GOOD, GOOD, {**GOOD, "correct_answer": 7}), "missing"),
        (200, b"x" * 3_000_000, "too long"),
    ],
)
def test_any_fault_falls_back_to_the_offline_draft_and_says_why(ask, status, body, reason):
    with a_server(status, body) as url:
        draft = ask(url)

    assert len(draft.questions) == 3
    assert reason in draft.note
    assert KEY not in draft.note
    assert url not in draft.note


def test_an_endpoint_that_hangs_is_given_up(ask, monkeypatch):
    monkeypatch.setattr(model_module, "TIME_LIMIT_SECONDS", 0.3)
    with a_server(200, an_answer(GOOD, GOOD, GOOD), seconds=1.5) as url:
        draft = ask(url)

    assert len(draft.questions) == 3
    assert "took longer" in draft.note


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/v1", "not an address", "ftp://127.0.0.1/x"])
def test_an_endpoint_that_is_not_there_is_said_to_be_out_of_reach(ask, url):
    assert "could not be reached" in ask(url).note


def test_without_a_key_nothing_is_sent(monkeypatch):
    monkeypatch.delenv("LLM_API_KEY", raising=False)
    seen: list[dict] = []
    with a_server(200, an_answer(GOOD, GOOD, GOOD), seen=seen) as url:
        monkeypatch.setenv("LLM_BASE_URL", url)
        draft = drafted_quiz(LESSON, 600, 3)

    assert draft.note == ""
    assert seen == []
