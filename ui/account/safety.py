"""Whether this server may offer the demo sign-in, and the refusal to start when it has no sign-in at all."""

import streamlit as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from database.engine import is_of_one_computer
from database.settings import settings
from database.this_computer import LOOPBACK_NAMES
from rules.errors import SetupError
from ui.account.oidc import is_served_over_https, oidc_is_configured

PROVIDER = (
    "Set up an OpenID Connect provider with OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_CLIENT_SECRET, OIDC_REDIRECT_URI and "
    "OIDC_COOKIE_SECRET (or in the [auth] section of .streamlit/secrets.toml)"
)
ON_LOOPBACK = "with server.address = localhost"


def demo_sign_in_is_safe() -> bool:
    """Only without OpenID Connect, and listening on this computer only.

    The database is the embedded one, or another one and its administrator has said that it is for this computer.
    """
    return not oidc_is_configured() and is_of_one_computer() and _address() in LOOPBACK_NAMES


def refuse_without_sign_in() -> None:
    """Raise SetupError if neither OpenID Connect nor the demo sign-in can be offered, or both are requested."""
    if oidc_is_configured() and settings().local_sign_in:
        raise SetupError(
            "DASHBOARD_LOCAL_SIGN_IN is set and so is an OpenID Connect provider. "
            "Unset DASHBOARD_LOCAL_SIGN_IN: people sign in with the provider."
        )
    if oidc_is_configured() or demo_sign_in_is_safe():
        return
    if is_of_one_computer():
        raise SetupError(
            f'No sign-in is configured and this server listens on "{_address() or "all addresses"}", where the demo '
            f"sign-in would let anybody in. {PROVIDER}, or run it {ON_LOOPBACK}."
        )
    raise SetupError(
        "No sign-in is configured and DATABASE_URL is set, where the demo sign-in would let anybody in. "
        f"{PROVIDER}; or, if only people at this computer use it, set DASHBOARD_LOCAL_SIGN_IN=1 and run it "
        f"{ON_LOOPBACK}; or unset DATABASE_URL to use the embedded database."
    )


def _address() -> str | None:
    address: str | None = st.get_option("server.address")
    return address


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
