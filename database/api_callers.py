"""API callers, looked up in one statement: the key or account, the creator, the tier, the state of the data."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from database.accounts import note
from database.api_keys import key_sha256
from database.tenancy import platform_tx

# How current the figures are, read along with the caller: the response needs it for its ETag and its cache keys.
STATE = """
        creators.id as creator_id,
        creators.name as creator_name,
        creators.subscription_tier,
        coalesce(versions.version, 0) as version,
        exists (
            select
            from changes
            where
                changes.creator_id = creators.id
                and changes.kind = 'arrived'
        ) as has_arrivals,
        exists (
            select
            from creator_generations
            where
                creator_generations.creator_id = creators.id
                and creator_generations.state = 'building'
        ) as is_being_built
"""
OF_KEY = text(
    f"""
    -- One row, or none for a key that never existed.
    select
        api_keys.id as key_id,
        api_keys.name as key_name,
        api_keys.scope,
        api_keys.origins,
        api_keys.revoked_at is not null as is_revoked,
        coalesce(api_keys.last_used_at < dashboard_now() - interval '1 minute', true) as is_use_worth_noting,
        {STATE}
    from api_keys
    join creators on creators.id = api_keys.creator_id
    left join creator_data_versions as versions on versions.creator_id = creators.id
    where api_keys.key_sha256 = :key_sha256
    """
)
OF_CREATOR = text(
    f"""
    -- One row, or none for an unknown creator.
    select {STATE}
    from creators
    left join creator_data_versions as versions on versions.creator_id = creators.id
    where creators.id = :creator_id
    """
)
NOTE_USE = text("update api_keys set last_used_at = dashboard_now() where id = :key_id")
READ_LATELY = text(
    """
    select exists (
        select
        from audit_log
        where
            creator_id = :creator_id
            and user_id = :account_id
            and action = 'read through the api'
            and created_at > dashboard_now() - interval '1 hour'
    )
    """
)


@dataclass(frozen=True)
class CreatorState:
    """The creator's data that the API needs."""

    creator_id: UUID
    creator_name: str
    subscription_tier: str
    version: int
    has_arrivals: bool
    is_being_built: bool  # all figures are being rebuilt


@dataclass(frozen=True)
class KnownKey:
    """A known key and its creator."""

    id: UUID
    name: str
    scope: str
    origins: tuple[str, ...]  # of pages that may use it
    is_revoked: bool
    state: CreatorState


def known_key(key: str) -> KnownKey | None:
    """The key as it is now; None if it never existed. Records its use."""
    with platform_tx() as connection:
        found = connection.execute(OF_KEY, {"key_sha256": key_sha256(key)}).mappings().one_or_none()
        if found is None:
            return None
        if found["is_use_worth_noting"] and not found["is_revoked"]:
            connection.execute(NOTE_USE, {"key_id": found["key_id"]})
    state = CreatorState(**{name: found[name] for name in CreatorState.__dataclass_fields__})
    origins = tuple(found["origins"])
    return KnownKey(found["key_id"], found["key_name"], found["scope"], origins, found["is_revoked"], state)


def creator_state(creator_id: UUID) -> CreatorState | None:
    """The creator now; None for an unknown one."""
    with platform_tx() as connection:
        found = connection.execute(OF_CREATOR, {"creator_id": creator_id}).mappings().one_or_none()
        return CreatorState(**found) if found else None


def note_reading(account_id: UUID, creator_id: UUID) -> None:
    """Record in the audit log, once an hour, that a member of staff reads a creator's data through the API."""
    with platform_tx() as connection:
        who = {"creator_id": creator_id, "account_id": account_id}
        if not connection.execute(READ_LATELY, who).scalar_one():
            note(connection, creator_id, account_id, "read through the api")
