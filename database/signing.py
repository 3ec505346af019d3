"""Signatures of links: whoever holds the link may do the one thing that it is for, for as long as it says."""

import hashlib
import hmac
import os
import secrets
from base64 import urlsafe_b64encode
from pathlib import Path

from database.canonical import joined
from database.engine import is_embedded
from database.errors import SetupError
from database.settings import settings

VARIABLE = "DASHBOARD_SECRET"
LEAST_CHARACTERS = 32
FILE = "secret"


def signature(purpose: str, *parts: str) -> str:
    """43 URL-safe characters (HMAC-SHA-256) over the purpose and the parts; no two lists of parts are alike.

    The purpose keeps a signature for one thing from being used for another. Raises SetupError
    where there is no secret.
    """
    signed = hmac.digest(_secret(), joined(purpose, *parts), hashlib.sha256)
    return urlsafe_b64encode(signed).rstrip(b"=").decode()


def is_signed(given: str, purpose: str, *parts: str) -> bool:
    """Whether `given` is the signature of exactly these parts; takes the same time for any wrong one."""
    return hmac.compare_digest(given.encode(), signature(purpose, *parts).encode())


def _secret() -> bytes:
    """The secret that all processes share: of the environment, or of the embedded database's folder."""
    given = os.environ.get(VARIABLE, "").strip()
    if given:
        return _checked(given).encode()
    if is_embedded():
        return _secret_of_folder(settings().data_dir)
    raise SetupError(
        f"{VARIABLE} is not set, so that no link can be signed; set it to {LEAST_CHARACTERS} or more random "
        "characters, the same for every process."
    )


def _checked(given: str) -> str:
    if len(given) < LEAST_CHARACTERS:
        raise SetupError(f"{VARIABLE} is too short; use at least {LEAST_CHARACTERS} random characters.")
    return given


def _secret_of_folder(folder: Path) -> bytes:
    """Made once, readable by its owner alone. Two processes that make one at once agree on the first."""
    path = folder / FILE
    if not path.exists():
        folder.mkdir(parents=True, exist_ok=True)
        draft = folder / f"{FILE}.{secrets.token_hex(8)}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(LEAST_CHARACTERS))
        try:
            os.link(draft, path)  # fails where another process was first; it is never half written
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
