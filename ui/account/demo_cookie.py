"""The cookie of the demo sign-in: that the browser had the token, and which account was chosen.

It is signed with the token of the data folder, so a restart signs nobody out and a new token signs everybody out.
"""

import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from database.data_folder import make_private
from database.settings import settings
from database.signing import signed_with
from database.this_computer import token

SECONDS = 30 * 24 * 3_600
ENDED = "signed-out"  # a folder with one empty file for each ended sign-in
ID_BYTES = 12


@dataclass(frozen=True)
class DemoSignIn:
    """The contents of the cookie. Without an account, the browser may choose one."""

    id: str
    account_id: UUID | None

    @property
    def has_ended(self) -> bool:
        """Whether it was signed out, in any tab."""
        return (settings().data_dir / ENDED / self.id).exists()


def new_sign_in(account_id: UUID | None = None) -> DemoSignIn:
    return DemoSignIn(secrets.token_hex(ID_BYTES), account_id)


def cookie_name() -> str:
    """Cookies ignore ports: each data folder has its own cookie name, so that two dashboards do not interfere."""
    return f"dashboard_demo_{_signature('name')[:8]}"


def cookie_value(sign_in: DemoSignIn) -> str:
    """The cookie's value, valid for 30 days from now."""
    said = f"{sign_in.id}.{sign_in.account_id or ''}.{int(time.time()) + SECONDS}"  # the browser's time
    return f"{said}.{_signature('cookie', said)}"


def sign_in_of(cookies: Mapping[str, str]) -> DemoSignIn | None:
    """The contents of our cookie among these; None unless we signed it and it is still valid."""
    said, _, signature = cookies.get(cookie_name(), "").rpartition(".")
    if not hmac.compare_digest(signature.encode(), _signature("cookie", said).encode()):
        return None
    sign_in_id, account_id, expires = said.split(".")
    if int(expires) < time.time():
        return None
    return DemoSignIn(sign_in_id, UUID(account_id) if account_id else None)


def end(sign_in: DemoSignIn) -> None:
    """Sign out every tab of this browser, and anyone who copied the cookie."""
    folder = make_private(settings().data_dir / ENDED)
    (folder / sign_in.id).touch(mode=0o600)
    _forget_expired(folder)


def ticket(sign_in: DemoSignIn, account: str, page: str) -> str:
    """The ticket that an address needs to change the account: only our own page in this browser can know it."""
    return _signature("ticket", sign_in.id, account, page)


def is_ticket(given: str, sign_in: DemoSignIn, account: str, page: str) -> bool:
    return hmac.compare_digest(given.encode(), ticket(sign_in, account, page).encode())


def _forget_expired(folder: Path) -> None:
    oldest = time.time() - SECONDS
    for ended in folder.iterdir():
        if ended.stat().st_mtime < oldest:
            ended.unlink(missing_ok=True)


def _signature(purpose: str, *parts: str) -> str:
    return signed_with(token().encode(), f"demo {purpose}", *parts)
