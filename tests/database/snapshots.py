"""What the rollups of one creator hold, in a form that can be compared."""

from typing import Any
from uuid import UUID

import pytest

from database.refresh import rebuild
from tests.builders import ACreator, refreshed
from tests.oracle import Record, rows_of

# What tells the rows of one creator apart.
ROLLUPS: dict[str, tuple[str, ...]] = {
    "student_activity": ("student_id",),
    "student_sessions": ("student_id", "started_at"),
    "daily_active_users": ("activity_date",),
    "daily_student_activity": ("activity_date", "student_id"),
    "hourly_activity": ("activity_date", "hour"),
    "video_analytics": ("video_id",),
    "video_views": ("student_id", "video_id", "began_at"),
    "most_asked_questions": ("question_key",),
    "creator_totals": (),
}
VIEWS: dict[str, tuple[str, ...]] = {
    "student_engagement_tiers": ("student_id",),
    "creator_analytics_cache": (),
}


def snapshot(creator_id: UUID) -> dict[str, list[Record]]:
    """Every row of every rollup, in the order of its key."""
    return {relation: sorted_by_key(relation, rows_of(creator_id, relation)) for relation in ROLLUPS}


def sorted_by_key(relation: str, rows: list[Record]) -> list[Record]:
    key = (ROLLUPS | VIEWS)[relation]
    return sorted(rows, key=lambda row: tuple(row[column] for column in key))


def assert_equal_to_rebuilt(creator: ACreator) -> None:
    """Refresh what changed, then rebuild from nothing: not one row may differ."""
    kept = snapshot(refreshed(creator).id)
    rebuild(creator.id)
    rebuilt = snapshot(creator.id)
    for relation in ROLLUPS:
        assert_same_rows(relation, kept[relation], rebuilt[relation])


def assert_same_rows(relation: str, actual: list[Record], expected: list[Record]) -> None:
    """Fail on any row or column that differs; fractions are compared to 12 digits."""
    found, wanted = sorted_by_key(relation, actual), sorted_by_key(relation, expected)
    assert [_key(relation, row) for row in found] == [_key(relation, row) for row in wanted], relation
    for found_row, wanted_row in zip(found, wanted, strict=True):
        assert found_row == {column: _nearly(value) for column, value in wanted_row.items()}, relation


def _nearly(value: Any) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value


def _key(relation: str, row: Record) -> tuple[Any, ...]:
    return tuple(row[column] for column in (ROLLUPS | VIEWS)[relation])
