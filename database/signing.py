"""Signatures of links: the holder of a link may do the one thing that it is for, as long as it is valid."""

import hashlib
import hmac
import os
from base64 import urlsafe_b64encode

from database.canonical import joined
from database.data_folder import kept_secret
from database.engine import is_of_one_computer
from database.settings import settings
from rules.errors import SetupError

VARIABLE = "DASHBOARD_SECRET"
LEAST_CHARACTERS = 32
FILE = "secret"


def signature(purpose: str, *parts: str) -> str:
    """43 URL-safe characters (HMAC-SHA-256) over the purpose and the parts; no two lists of parts give the same.

    The purpose keeps a signature for one thing from being used for another. Raises SetupError
    if there is no secret.
    """
    return signed_with(_secret(), purpose, *parts)


def signed_with(key: bytes, purpose: str, *parts: str) -> str:
    """The same with the caller's own key."""
    signed = hmac.digest(key, joined(purpose, *parts), hashlib.sha256)
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


def is_signed(given: str, purpose: str, *parts: str) -> bool:
    """Whether `given` is the signature of exactly these parts; takes the same time for any wrong one."""
    return hmac.compare_digest(given.encode(), signature(purpose, *parts).encode())


def _secret() -> bytes:
    """The secret that all processes share: from the environment, or on one's own computer from the data folder."""
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return _checked(given).encode()
    if is_of_one_computer():
        return kept_secret(settings().data_dir, FILE).encode()
    raise SetupError(
        f"{VARIABLE} is not set, so links cannot be signed; set it to {LEAST_CHARACTERS} or more random "
        "characters, the same for every process."
    )


def _checked(given: str) -> str:
    if len(given) < LEAST_CHARACTERS:
        raise SetupError(f"{VARIABLE} is too short; use at least {LEAST_CHARACTERS} random characters.")
    return given
