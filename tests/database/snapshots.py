"""The rollups of one creator, in a form that can be compared."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from database.refresh import rebuild
from database.tenancy import tenant_tx
from tests.builders import ACreator, refreshed
from tests.oracle import Record, all_rows

# The key that tells the rows of one creator apart. The relations of the product's description; the last two need a
# clock.
ROLLUPS: dict[str, tuple[str, ...]] = {
    "daily_active_users": ("activity_date",),
    "video_analytics": ("video_id",),
    "most_asked_questions": ("question_key",),
}
VIEWS: dict[str, tuple[str, ...]] = {
    "student_engagement_tiers": ("student_id",),
    "creator_analytics_cache": (),
}
# Folds and sums of the shown generation.
CORE: dict[str, tuple[str, ...]] = {
    "enrolled_students": ("student_id",),
    "student_totals": ("student_id",),
    "course_totals": (),
    "days": ("day",),
    "video_days": ("day", "video_id"),
    "watched_videos": ("student_id", "video_id", "edition"),
    "views": ("student_id", "video_id", "began_at"),
    "video_totals": ("video_id", "edition"),
    "video_seconds": ("video_id", "edition", "second"),
    "student_days": ("student_id", "day"),
    "visits": ("student_id", "started_at"),
    "day_hours": ("day", "hour"),
    "day_gaps": ("day", "gap_days"),
    "asked_questions": ("message_id",),
    "conversations": ("session_id", "student_id"),
    "question_totals": ("question_key",),
    "question_askers": ("question_key", "student_id"),
    "question_wordings": ("question_key", "wording"),
    "dated_attempts": ("student_id", "quiz_id", "attempt_number"),
    "quiz_takers": ("student_id",),
    "taken_quizzes": ("student_id", "quiz_id"),
    "first_answers": ("student_id", "quiz_id"),
    "quiz_totals": ("quiz_id",),
    "quiz_scores": ("quiz_id", "tenth"),
    "question_results": ("question_id", "edition"),
    "question_answers": ("question_id", "edition", "answer_key"),
}


def snapshot(creator_id: UUID) -> dict[str, list[Record]]:
    """Every row of every relation, fold and sum, in key order."""
    with tenant_tx(creator_id) as connection:
        rows = {relation: all_rows(connection, relation) for relation in ROLLUPS}
    rows |= {relation: levels.get((0, 0), []) for relation, levels in rows_by_level(creator_id).items()}
    return {relation: sorted_by_key(relation, found) for relation, found in rows.items()}


def shown_rows(creator_id: UUID, relation: str) -> list[Record]:
    """The rows of a fold or sum that readers see, over all courses and runs, without these parts of the key."""
    return rows_at_level(creator_id, relation, 0, 0)


def rows_at_level(creator_id: UUID, relation: str, course: int, run: int) -> list[Record]:
    """The same for a course, or for a run of it."""
    return rows_by_level(creator_id, [relation])[relation].get((course, run), [])


def rows_by_level(creator_id: UUID, relations: Iterable[str] = CORE) -> dict[str, dict[tuple[int, int], list[Record]]]:
    """The same for each relation, by course and run; read in one transaction."""
    with tenant_tx(creator_id) as connection:
        shown = {row["generation"] for row in all_rows(connection, "shown_generations")}
        return {relation: _by_level(all_rows(connection, relation), shown) for relation in relations}


def _by_level(rows: list[Record], generations: set[int]) -> dict[tuple[int, int], list[Record]]:
    levels: dict[tuple[int, int], list[Record]] = {}
    for row in rows:
        if row["generation"] in generations:
            kept = {name: value for name, value in row.items() if name not in ("generation", "course", "run")}
            levels.setdefault((row["course"], row["run"]), []).append(kept)
    return levels


def sorted_by_key(relation: str, rows: list[Record]) -> list[Record]:
    key = (ROLLUPS | VIEWS | CORE)[relation]
    return sorted(rows, key=lambda row: tuple(row[column] for column in key))


def assert_equal_to_rebuilt(creator: ACreator) -> None:
    """Refresh what changed, then rebuild from nothing: not a single row may differ."""
    kept = snapshot(refreshed(creator).id)
    rebuild(creator.id)
    rebuilt = snapshot(creator.id)
    for relation in kept:
        assert_same_rows(relation, kept[relation], rebuilt[relation])


def assert_same_rows(relation: str, actual: list[Record], expected: list[Record]) -> None:
    """Fail on any row or column that differs; fractions are compared to 12 digits."""
    found, wanted = sorted_by_key(relation, actual), sorted_by_key(relation, expected)
    assert [_key(relation, row) for row in found] == [_key(relation, row) for row in wanted], relation
    for found_row, wanted_row in zip(found, wanted, strict=True):
        differing = {c: (found_row[c], v) for c, v in wanted_row.items() if found_row[c] != _nearly(v)}
        assert not differing, (relation, differing)


def _nearly(value: Any) -> Any:
    return pytest.approx(value, rel=1e-12, abs=1e-12) if isinstance(value, float) else value


def _key(relation: str, row: Record) -> tuple[Any, ...]:
    return tuple(row[column] for column in (ROLLUPS | VIEWS | CORE)[relation])
