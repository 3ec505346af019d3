"""Receipts of students who were erased."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import pandas as pd

from database.frames import frame

ERASURES = """
    -- One row per student who was erased, the latest first.
    select
        id,
        erased_at,
        author_name,
        removed
    from erasures
    where creator_id = :creator_id
    order by
        erased_at desc,
        id asc
    limit 100
"""


@dataclass(frozen=True, slots=True)
class ErasureRow:
    """One row per student who was erased; the receipt does not say who they were."""

    id: UUID
    erased_at: datetime
    author_name: str
    removed: dict[str, Any]  # rows by table, and files


def erasures(creator_id: UUID) -> Annotated[pd.DataFrame, ErasureRow]:
    """The latest 100 receipts. Never cached: a new one shows immediately."""
    return frame(creator_id, ERASURES)
