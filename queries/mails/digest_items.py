"""The items of the last weekly digest, and how its students are doing."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import pandas as pd

from database.frames import frame, records

LAST_ITEMS = """
    -- One row per item of the newest digest before this week.
    with last_week as (
        select max(week_start) as week_start
        from digest_items
        where
            creator_id = :creator_id
            and week_start < :week_start
    )

    select
        digest_items.week_start,
        digest_items.kind,
        digest_items.subject_key
    from digest_items
    join last_week on last_week.week_start = digest_items.week_start
    where digest_items.creator_id = :creator_id
    order by
        digest_items.kind,
        digest_items.subject_key
"""

LISTED_STUDENTS = """
    -- One row per student among the given ids who is still enrolled.
    select
        student_id,
        name,
        is_finished,
        coalesce(last_active >= :listed_at, false) as has_come_back
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(cast(:student_ids as uuid[]))
    order by
        last_active desc nulls last,
        student_id asc
"""


@dataclass(frozen=True)
class ListedItems:
    """The keys listed in a digest, by kind."""

    week_start: date
    keys: dict[str, frozenset[str]]

    def of(self, kind: str) -> frozenset[str]:
        return self.keys.get(kind, frozenset())


@dataclass(frozen=True, slots=True)
class ListedItemRow:
    """One row per item of a digest."""

    week_start: date
    kind: str
    subject_key: str


def last_listed(creator_id: UUID, before_week: date) -> ListedItems | None:
    """The items of the latest digest before the week that begins then, from digest_items; None before the first."""
    rows = records(frame(creator_id, LAST_ITEMS, week_start=before_week), ListedItemRow)
    if not rows:
        return None
    kinds = {row.kind for row in rows}
    keys = {kind: frozenset(row.subject_key for row in rows if row.kind == kind) for kind in kinds}
    return ListedItems(rows[0].week_start, keys)


def listed_students(creator_id: UUID, student_ids: list[str], listed_at: datetime) -> pd.DataFrame:
    """How the students listed at that time are doing; those who left have no row.

    One row per student, latest activity first: student_id, name, is_finished, has_come_back (an activity since).
    """
    return frame(creator_id, LISTED_STUDENTS, student_ids=student_ids, listed_at=listed_at)
