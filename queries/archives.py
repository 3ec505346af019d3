"""What is archived of a creator's chats and activity log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame

ARCHIVES = """
    -- One row per kind that was chosen once, or is archived.
    select
        kind,
        bool_or(is_on) as is_on,
        sum(files)::integer as files,
        sum(row_count)::bigint as row_count,
        sum(size_bytes)::bigint as size_bytes,
        min(earliest_at) as earliest_at,
        max(latest_at) as latest_at
    from (
        select
            kind,
            is_on,
            0 as files,
            0 as row_count,
            0 as size_bytes,
            null::timestamptz as earliest_at,
            null::timestamptz as latest_at
        from archive_choices
        where creator_id = :creator_id
        union all
        select
            kind,
            false,
            1,
            row_count,
            size_bytes,
            earliest_at,
            latest_at
        from archives
        where
            creator_id = :creator_id
            and state = 'closed'
    ) as known
    group by kind
    order by kind
"""


@dataclass(frozen=True, slots=True)
class ArchiveRow:
    """One row per kind that was chosen once, or is archived."""

    kind: str
    is_on: bool
    files: int
    row_count: int  # messages or events
    size_bytes: int  # of the files, compressed
    earliest_at: datetime | None  # None: nothing is archived
    latest_at: datetime | None


def archive_state(creator_id: UUID) -> Annotated[pd.DataFrame, ArchiveRow]:
    """Whether each kind is archived, and what of it. Never cached: a choice shows immediately."""
    return frame(creator_id, ARCHIVES)
