"""The contents of the database for one creator."""

from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.tenancy import tenant_tx

SOURCES = (
    "students",
    "videos",
    "video_progress",
    "retention_points",
    "activity_events",
    "quizzes",
    "quiz_questions",
    "quiz_attempts",
    "quiz_answers",
)


def found(creator_id: UUID, query: str, **values: Any) -> list[tuple[Any, ...]]:
    """The rows of a query as this creator sees them."""
    with tenant_tx(creator_id) as connection:
        return [tuple(row) for row in connection.execute(text(query), values)]


def counts(creator_id: UUID) -> dict[str, int]:
    return {table: found(creator_id, f"select count(*) from {table}")[0][0] for table in SOURCES}


def contents(creator_id: UUID) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every source table, as text and in order."""
    return {
        table: found(creator_id, f"select cast(t as text) from {table} as t order by cast(t as text)")
        for table in SOURCES
    }


def marks(creator_id: UUID) -> int:
    """How many changes are waiting for a refresh."""
    return found(creator_id, "select count(*) from changes")[0][0]
