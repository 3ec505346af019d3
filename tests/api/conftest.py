"""The API in tests: with browser sessions, and with limits that only their own tests reach."""

import pytest

from api.app import api
from api.remembered import RememberedAnswers
from tests.api.asking import SESSIONS


@pytest.fixture(autouse=True)
def an_api(monkeypatch):
    api.state.browser_sessions = SESSIONS
    monkeypatch.setattr("api.routing.ANSWERS", RememberedAnswers())  # only for this test
    monkeypatch.setenv("API_REQUESTS_PER_MINUTE", "1000000")
    yield
    api.state.browser_sessions = None
