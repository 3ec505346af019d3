"""API keys: creating, listing, revoking and checking them."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, get_args
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import text

from database.accounts import note
from database.tenancy import platform_tx
from rules.errors import InputError

Scope = Literal["read", "write", "export", "xapi", "xapi-server", "ingest"]

PREFIX = "cdk_"  # recognisable to people and to scanners of leaked secrets
KEY_BYTES = 32
HINT_CHARACTERS = 10
NAME_LIMIT = 100

ADD = text(
    """
    insert into api_keys (creator_id, name, scope, hint, key_sha256, origins)
    values (:creator_id, :name, :scope, :hint, :key_sha256, :origins)
    returning id
    """
)
LISTED = text(
    """
    -- One row per key, including revoked ones, newest first.
    select
        api_keys.id,
        api_keys.creator_id,
        creators.shown_name as creator_name,
        api_keys.name,
        api_keys.scope,
        api_keys.hint,
        api_keys.created_at,
        api_keys.last_used_at,
        api_keys.revoked_at
    from api_keys
    join creators on creators.id = api_keys.creator_id
    where cast(:creator_id as uuid) is null or api_keys.creator_id = cast(:creator_id as uuid)
    order by
        api_keys.created_at desc,
        api_keys.id asc
    """
)
REVOKE = text(
    """
    update api_keys
    set revoked_at = dashboard_now()
    where
        id = :key_id
        and revoked_at is null
    returning creator_id
    """
)


@dataclass(frozen=True)
class ListedKey:
    """A key in the list; the key itself is not stored."""

    id: UUID
    creator_id: UUID
    creator_name: str
    name: str
    scope: str
    hint: str
    created_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    @property
    def state(self) -> str:
        return "revoked" if self.revoked_at else "active"


@dataclass(frozen=True)
class NewKey:
    """A key that was just created: its id, and the key itself, which is told only now."""

    id: UUID
    key: str


def add_key(creator_id: UUID, name: str, scope: str) -> str:
    """Create a key; it is only returned here. Raises InputError for an unknown scope or an invalid name."""
    return new_key(creator_id, name, scope).key


def new_key(creator_id: UUID, name: str, scope: str, origins: Sequence[str] = ()) -> NewKey:
    """Create a key, which pages of these origins may use. Raises InputError like `add_key`, and for no origin."""
    if scope not in get_args(Scope):
        raise InputError(f'The scope is "{scope}"; choose one of {", ".join(get_args(Scope))}.')
    kept_name = " ".join(name.split())
    if not 1 <= len(kept_name) <= NAME_LIMIT:
        raise InputError(f"The name has {len(kept_name)} characters; write 1 to {NAME_LIMIT}.")
    allowed = [_origin(given) for given in origins]
    key = PREFIX + secrets.token_urlsafe(KEY_BYTES)
    values = {"creator_id": creator_id, "name": kept_name, "scope": scope, "hint": key[:HINT_CHARACTERS]}
    with platform_tx() as connection:
        key_id = connection.execute(ADD, values | {"key_sha256": key_sha256(key), "origins": allowed}).scalar_one()
        note(connection, creator_id, None, "api key created", str(key_id))
    return NewKey(key_id, key)


def listed_keys(creator_id: UUID | None = None) -> list[ListedKey]:
    """Every key, or those of one creator, newest first."""
    with platform_tx() as connection:
        return [ListedKey(**row) for row in connection.execute(LISTED, {"creator_id": creator_id}).mappings()]


def revoke_key(key_id: UUID) -> None:
    """Revoke a key; its next request is refused. Raises InputError if it is unknown or already revoked."""
    with platform_tx() as connection:
        creator_id = connection.execute(REVOKE, {"key_id": key_id}).scalar()
        if creator_id is None:
            raise InputError(f'There is no active key "{key_id}"; see `python manage.py api-key list`.')
        note(connection, creator_id, None, "api key revoked", str(key_id))


def _origin(given: str) -> str:
    """As browsers send it: the scheme and the host in small letters, a port if it is not the usual one."""
    parts = urlsplit(given.strip().lower())
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query:
        raise InputError(
            f'The origin is "{given}"; write how the addresses of the pages begin: https://school.example.'
        )
    return f"{parts.scheme}://{parts.netloc}"


def key_sha256(key: str) -> bytes:
    """The stored hash of a key. A key has 256 random bits, so that nothing slower than one hash is needed."""
    return hashlib.sha256(key.encode()).digest()
