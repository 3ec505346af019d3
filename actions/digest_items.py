"""Remembering what a weekly digest listed."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import text

from database.tenancy import tenant_tx

FORGET = text("delete from digest_items where creator_id = :creator_id and week_start = :week_start")
REMEMBER = text(
    """
    insert into digest_items (creator_id, week_start, kind, subject_key)
    select
        :creator_id,
        :week_start,
        kind,
        subject_key
    from unnest(cast(:kinds as text[]), cast(:keys as text[])) as listed (kind, subject_key)
    on conflict do nothing
    """
)


def remember_items(creator_id: UUID, week_start: date, items: Iterable[tuple[str, str]]) -> None:
    """Save the (kind, key) of each item in the week's digest, replacing those saved for that week."""
    listed = list(items)
    week = {"creator_id": creator_id, "week_start": week_start}
    with tenant_tx(creator_id) as connection:
        connection.execute(FORGET, week)
        connection.execute(REMEMBER, week | {"kinds": [kind for kind, _ in listed], "keys": [key for _, key in listed]})
