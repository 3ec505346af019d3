"""Mappings that a creator saved: each change is a new version, and the newest one is in force."""

import json
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from database.tenancy import reading_tx, tenant_tx
from rules.errors import InputError
from sources.mappings.model import Mapping, mapping_of

MOST_SAVED = 200

NEWEST = text(
    """
    -- One row per mapping that is saved and not removed, by name.
    select distinct on (name)
        name,
        version,
        document,
        removed_at
    from mappings
    where creator_id = :creator_id
    order by
        name asc,
        version desc
    """
)
SAVE = text(
    """
    -- One row: the version, which is the newest one if that reads every file alike.
    with newest as (
        select
            version,
            content_version,
            removed_at
        from mappings
        where
            creator_id = :creator_id
            and name = :name
        order by version desc
        limit 1
    ),

    added as (
        insert into mappings (creator_id, name, version, document, content_version, created_by)
        select
            :creator_id,
            :name,
            coalesce((select version from newest), 0) + 1,
            cast(:document as jsonb),
            :content_version,
            :author_id
        where not exists (
            select
            from newest
            where
                content_version = :content_version
                and removed_at is null
        )
        returning version
    )

    select coalesce((select version from added), (select version from newest))
    """
)
REMOVE = text(
    """
    update mappings
    set removed_at = dashboard_now()
    where
        creator_id = :creator_id
        and name = :name
        and removed_at is null
    """
)
ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('mappings ' || cast(:creator_id as text), 0))")


@dataclass(frozen=True)
class SavedMapping:
    """A mapping in its newest version."""

    name: str
    version: int
    mapping: Mapping


def saved_mappings(creator_id: UUID) -> list[SavedMapping]:
    """The creator's mappings, by name. One that an older version of the product understood differently is left out."""
    with reading_tx(creator_id) as connection:
        rows = connection.execute(NEWEST, {"creator_id": creator_id}).all()
    found = []
    for row in rows:
        if row.removed_at is None:
            try:
                found.append(SavedMapping(row.name, row.version, mapping_of(row.document)))
            except InputError:
                continue
    return found


def save_mapping(creator_id: UUID, mapping: Mapping, author_id: UUID | None = None) -> int:
    """Save it under its name, as a new version if it differs; returns the version. Raises InputError for too many."""
    values = {
        "creator_id": creator_id,
        "name": mapping.name,
        "document": json.dumps(mapping.document()),
        "content_version": mapping.version,
        "author_id": author_id,
    }
    with tenant_tx(creator_id) as connection:
        connection.execute(ONE_AT_A_TIME, values)
        names = {row.name for row in connection.execute(NEWEST, values) if row.removed_at is None}
        if mapping.name not in names and len(names) >= MOST_SAVED:
            raise InputError(f"{MOST_SAVED} mappings are saved; remove one first.")
        version: int = connection.execute(SAVE, values).scalar_one()
    return version


def remove_mapping(creator_id: UUID, name: str) -> bool:
    """Take it off the list; imports that used it keep its version."""
    with tenant_tx(creator_id) as connection:
        return connection.execute(REMOVE, {"creator_id": creator_id, "name": name}).rowcount > 0
