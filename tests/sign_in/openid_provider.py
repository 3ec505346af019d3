"""A small OpenID provider for tests: discovery, keys, code flow with PKCE.

Run as `python -m tests.sign_in.openid_provider PORT`. Its sign-in page has a link per person; nobody has a password.
"""

import base64
import hashlib
import secrets
import sys
import time
from html import escape
from typing import Any
from urllib.parse import urlencode

import uvicorn
from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT_ID, CLIENT_SECRET = "creator-dashboard", "the client's secret"
PEOPLE: dict[str, dict[str, Any]] = {
    "mira": {"email": "mira@example.com", "email_verified": True},
    "another-mira": {"email": "Mira@Example.com", "email_verified": True},
    "unverified-noor": {"email": "noor@example.com", "email_verified": False},
    "noor-as-text": {"email": "noor@example.com", "email_verified": "true"},
    "olga": {"email": "olga@example.com", "email_verified": True},
    "stranger": {"email": "*stranger*@example.com", "email_verified": True},
}
KEY = RSAKey.generate_key(2048, {"kid": "test", "use": "sig", "alg": "RS256"})


class Provider:
    """Codes that were given out and not yet redeemed; each works once."""

    def __init__(self, issuer: str) -> None:
        self.issuer = issuer
        self.codes: dict[str, dict[str, str]] = {}

    async def discovery(self, _request: Request) -> Response:
        return JSONResponse(
            {
                "issuer": self.issuer,
                "authorization_endpoint": f"{self.issuer}/authorize",
                "token_endpoint": f"{self.issuer}/token",
                "jwks_uri": f"{self.issuer}/keys",
                "end_session_endpoint": f"{self.issuer}/sign-out",
                "response_types_supported": ["code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            }
        )

    async def keys(self, _request: Request) -> Response:
        return JSONResponse({"keys": [KEY.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = dict(request.query_params)
        assert asked["client_id"] == CLIENT_ID
        assert asked["response_type"] == "code"
        assert "openid" in asked["scope"].split()
        if "person" not in asked:
            links = "".join(
                f'<p><a href="?{escape(urlencode(asked | {"person": person}))}">{person}</a></p>' for person in PEOPLE
            )
            return HTMLResponse(f"<!doctype html><title>Provider</title><h1>Who are you?</h1>{links}")
        code = secrets.token_urlsafe()
        self.codes[code] = asked
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}", 302)

    async def token(self, request: Request) -> Response:
        given = dict(await request.form())
        granted = self.codes.pop(str(given["code"]), None)
        if granted is None or not (_is_our_client(request) and _is_same_browser(granted, str(given["code_verifier"]))):
            return JSONResponse({"error": "invalid_grant"}, 400)
        claims = {
            "iss": self.issuer,
            "sub": granted["person"],
            "aud": CLIENT_ID,
            "iat": int(time.time()),
            "exp": int(time.time()) + 300,
            "nonce": granted["nonce"],
            **PEOPLE[granted["person"]],
        }
        id_token = jwt.encode({"alg": "RS256", "kid": "test"}, claims, KEY)
        return JSONResponse({"access_token": "unused", "token_type": "Bearer", "id_token": id_token})

    async def sign_out(self, request: Request) -> Response:
        return RedirectResponse(request.query_params["post_logout_redirect_uri"], 302)

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/keys", self.keys),
                Route("/authorize", self.authorize),
                Route("/token", self.token, methods=["POST"]),
                Route("/sign-out", self.sign_out),
            ]
        )


def _is_our_client(request: Request) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Basic ")
    return base64.b64decode(given).decode() == f"{CLIENT_ID}:{CLIENT_SECRET}"


def _is_same_browser(granted: dict[str, str], verifier: str) -> bool:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == granted["code_challenge"]


if __name__ == "__main__":
    port = int(sys.argv[1])
    uvicorn.run(Provider(f"http://localhost:{port}").app(), host="localhost", port=port, log_level="warning")
