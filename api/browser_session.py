"""The signed-in browser session: Streamlit's sign-in cookie, verified with the secret that signed it."""

import json
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from itsdangerous import BadData, URLSafeTimedSerializer

COOKIE = "_streamlit_user"
CHUNKS = re.compile(r"chunks-([1-9]\d?)")  # a cookie over 4 KB is several: name_1, name_2, …
MOST_SECONDS = 31 * 24 * 3600  # Streamlit's cookie lasts 30 days, and is accepted for one more


@dataclass(frozen=True)
class BrowserSessions:
    """How this installation signs people in: the secret of its cookies, and the origin of its pages."""

    cookie_secret: str
    origin: str

    @classmethod
    def of(cls, cookie_secret: str, redirect_uri: str) -> "BrowserSessions":
        parts = urlsplit(redirect_uri)
        return cls(cookie_secret, f"{parts.scheme}://{parts.netloc}")


@dataclass(frozen=True)
class Identity:
    """The person an OpenID provider confirmed when the browser signed in."""

    issuer: str
    subject: str


def configured_sessions() -> BrowserSessions | None:
    """From the environment; None without OpenID Connect: the demo sign-in sets no cookie."""
    secret, redirect = os.environ.get("OIDC_COOKIE_SECRET"), os.environ.get("OIDC_REDIRECT_URI")
    return BrowserSessions.of(secret, redirect) if secret and redirect else None


def identity(sessions: BrowserSessions, cookies: Mapping[str, str]) -> Identity | None:
    """Who is signed in; None for nobody, and for a cookie that is forged, too old or from another origin."""
    told = _read(sessions, cookies, COOKIE)
    chunks = CHUNKS.fullmatch(told or "")
    if chunks:
        parts = [_read(sessions, cookies, f"{COOKIE}_{place}") for place in range(1, int(chunks[1]) + 1)]
        told = None if None in parts else "".join(part or "" for part in parts)
    return _identity_of(sessions, told) if told else None


def _read(sessions: BrowserSessions, cookies: Mapping[str, str], name: str) -> str | None:
    try:
        told = URLSafeTimedSerializer(sessions.cookie_secret, salt=name).loads(cookies[name], max_age=MOST_SECONDS)
    except (KeyError, BadData):
        return None
    return told if isinstance(told, str) else None


def _identity_of(sessions: BrowserSessions, told: str) -> Identity | None:
    try:
        claims: Any = json.loads(told)
        is_ours = claims["origin"] == sessions.origin and claims["is_logged_in"] is True
        return Identity(str(claims["iss"]), str(claims["sub"])) if is_ours else None
    except (ValueError, KeyError, TypeError):
        return None
