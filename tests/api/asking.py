"""Programs and browsers that call the API, for tests."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from fastapi.testclient import TestClient
from httpx2 import Response
from itsdangerous import URLSafeTimedSerializer

from api.app import api
from api.browser_session import COOKIE, BrowserSessions
from database.accounts import Account
from database.api_keys import add_key, listed_keys, revoke_key
from tests.accounts import ISSUER

ORIGIN = "https://dashboard.example.com"
SESSIONS = BrowserSessions.of("0123456789abcdef0123456789abcdef", f"{ORIGIN}/oauth2callback")


@dataclass(frozen=True)
class Asking:
    """A client with these headers."""

    headers: dict[str, str]

    def __call__(self, method: str, path: str, json: Any = None, **headers: str) -> Response:
        client = TestClient(api, raise_server_exceptions=False, follow_redirects=False)
        return client.request(method, path, json=json, headers=self.headers | headers)

    def get(self, path: str, **headers: str) -> Response:
        return self("GET", path, **headers)


def nobody() -> Asking:
    return Asking({})


def by_key(creator_id: UUID, scope: str = "read") -> Asking:
    """A program with a new key of this creator."""
    return holding(add_key(creator_id, "A program", scope))


def holding(key: str) -> Asking:
    return Asking({"authorization": f"Bearer {key}"})


def by_revoked_key(creator_id: UUID, scope: str) -> Asking:
    key = add_key(creator_id, "A program", scope)
    revoke_key(next(listed.id for listed in listed_keys(creator_id) if key.startswith(listed.hint)))
    return holding(key)


def in_browser(account: Account, origin: str | None = ORIGIN, sessions: BrowserSessions = SESSIONS) -> Asking:
    """A browser that this account signed in with."""
    assert account.email
    return with_cookie(signed(claims_of(account), sessions), origin)


def with_cookie(value: str, origin: str | None = ORIGIN) -> Asking:
    headers = {"cookie": f"{COOKIE}={value}"}
    return Asking(headers | ({"origin": origin} if origin else {}))


def claims_of(account: Account) -> dict[str, Any]:
    return {"iss": ISSUER, "sub": account.email, "origin": ORIGIN, "is_logged_in": True, "email": account.email}


def signed(claims: dict[str, Any], sessions: BrowserSessions = SESSIONS, name: str = COOKIE) -> str:
    """As Streamlit signs its cookie."""
    made: str = URLSafeTimedSerializer(sessions.cookie_secret, salt=name).dumps(json.dumps(claims))
    return made
