"""The OpenID Connect provider: configured by the environment, or by the [auth] section of secrets.toml."""

import os
from typing import Any
from urllib.parse import urlsplit

import streamlit as st

from database.this_computer import LOOPBACK_NAMES
from rules.errors import SetupError

CALLBACK = "/oauth2callback"
DISCOVERY = "/.well-known/openid-configuration"
VARIABLES = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_REDIRECT_URI", "OIDC_COOKIE_SECRET")
SECRET_CHARACTERS = 32  # of the cookie's signature


def oidc_secrets() -> dict[str, Any]:
    """The [auth] section from the environment, for `st.App(secrets=…)`; {} if nothing is set.

    Raises SetupError, naming the variable, for settings that are incomplete or unsafe.
    """
    given = {name: os.environ.get(name, "").strip() for name in VARIABLES}
    if not any(given.values()):
        return {}
    _check(given)
    issuer = given["OIDC_ISSUER"].removesuffix(DISCOVERY).rstrip("/")
    return {
        "auth": {
            "server_metadata_url": issuer + DISCOVERY,
            "client_id": given["OIDC_CLIENT_ID"],
            "client_secret": given["OIDC_CLIENT_SECRET"],
            "redirect_uri": given["OIDC_REDIRECT_URI"],
            "cookie_secret": given["OIDC_COOKIE_SECRET"],
        }
    }


def oidc_is_configured() -> bool:
    """Whether a provider is set up for st.login."""
    return bool(_auth_section())


def signed_in_by() -> dict[str, str]:
    """The cookie secret of this sign-in, and where the provider sends people back to; {} without one."""
    section = _auth_section()
    wanted = ("cookie_secret", "redirect_uri")
    return {name: section[name] for name in wanted} if all(section.get(name) for name in wanted) else {}


def is_served_over_https() -> bool:
    """Whether the provider sends browsers back over https."""
    return _auth_section().get("redirect_uri", "").startswith("https://")


def _auth_section() -> dict[str, str]:
    given = oidc_secrets()
    if given:
        return dict(given["auth"])
    try:
        return dict(st.secrets["auth"]) if "auth" in st.secrets else {}
    except FileNotFoundError:
        return {}


def _check(given: dict[str, str]) -> None:
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise SetupError(f"The OpenID Connect sign-in also needs {', '.join(missing)}.")
    for name in ("OIDC_ISSUER", "OIDC_REDIRECT_URI"):
        address = urlsplit(given[name])
        is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK_NAMES)
        if not is_safe or not address.hostname:
            raise SetupError(f'{name} is "{given[name]}"; write an https:// address.')
    if not urlsplit(given["OIDC_REDIRECT_URI"]).path.endswith(CALLBACK):
        raise SetupError(f'OIDC_REDIRECT_URI is "{given["OIDC_REDIRECT_URI"]}"; it must end in {CALLBACK}.')
    if len(given["OIDC_COOKIE_SECRET"]) < SECRET_CHARACTERS:
        raise SetupError(f"OIDC_COOKIE_SECRET is too short; use at least {SECRET_CHARACTERS} random characters.")
