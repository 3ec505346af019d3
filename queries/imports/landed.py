"""The imports of a creator, by whatever door they came."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.tenancy import reading_tx

LANDED = text(
    """
    -- One row per import, newest first.
    select
        id,
        door,
        file_name,
        mapping,
        author_name,
        state,
        facts_new,
        facts_changed,
        facts_same,
        refused,
        rows_kept,
        started_at
    from imports
    where creator_id = :creator_id
    order by number desc
    limit :limit
    """
)
MOST_SHOWN = 100


@dataclass(frozen=True)
class Landed:
    """An import: running, done, undoing or undone. `rows_kept` says why some rows stayed, by reason."""

    id: UUID
    door: str
    file_name: str | None
    mapping: str | None
    author_name: str
    state: str
    facts_new: int
    facts_changed: int
    facts_same: int
    refused: int
    rows_kept: dict[str, Any]
    started_at: datetime

    @property
    def is_at_work(self) -> bool:
        return self.state in ("running", "undoing")


def landed_imports(creator_id: UUID) -> list[Landed]:
    """The imports, newest first; never cached."""
    with reading_tx(creator_id) as connection:
        rows = connection.execute(LANDED, {"creator_id": creator_id, "limit": MOST_SHOWN}).mappings()
        return [Landed(**row) for row in rows]
