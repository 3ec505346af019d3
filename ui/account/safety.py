"""Whether this server may offer the demo sign-in, and the refusal to start when it has no sign-in at all."""

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database.engine import is_embedded
from database.this_computer import LOOPBACK_NAMES
from rules.errors import SetupError
from ui.account.oidc import is_served_over_https, oidc_is_configured


def demo_sign_in_is_safe() -> bool:
    """Only without OpenID Connect, on the embedded database, and listening on this computer only."""
    return not oidc_is_configured() and is_embedded() and st.get_option("server.address") in LOOPBACK_NAMES


def refuse_without_sign_in() -> None:
    """Raise SetupError if neither OpenID Connect nor the demo sign-in can be offered."""
    if oidc_is_configured() or demo_sign_in_is_safe():
        return
    reason = (
        f'this server listens on "{st.get_option("server.address") or "all addresses"}"'
        if is_embedded()
        else "DATABASE_URL is set"
    )
    raise SetupError(
        f"No sign-in is configured and {reason}, where the demo sign-in would let anybody in. "
        "Set up an OpenID Connect provider with OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REDIRECT_URI and "
        "OIDC_COOKIE_SECRET (or in the [auth] section of .streamlit/secrets.toml), or run on the embedded database "
        "with server.address = localhost."
    )


class SecureCookies:
    """Mark every cookie Secure if the dashboard is reached over https; Streamlit itself never does."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_secured(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = message.get("headers", [])
                message["headers"] = [(name, _secured(name, value)) for name, value in headers]
            await send(message)

        await self.app(scope, receive, send_secured if is_served_over_https() else send)


def _secured(name: bytes, value: bytes) -> bytes:
    is_open_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return value + b"; Secure" if is_open_cookie else value
