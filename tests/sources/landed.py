"""What is in the source tables of a creator, in a form that can be compared."""

import json
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from database.tenancy import tenant_tx
from sources.landing import landing

TABLES = (
    "students",
    "courses",
    "course_runs",
    "enrolments",
    "videos",
    "video_progress",
    "watch_segments",
    "retention_points",
    "activity_events",
    "chat_sessions",
    "chat_messages",
    "quizzes",
    "quiz_questions",
    "question_editions",
    "quiz_attempts",
    "quiz_answers",
)
UUID_LENGTH = 36
# Which import wrote a row last is not what it says, and a course's number follows the order of arrival.
LEFT_OUT = {"creator_id", "import_number", "sort_key", "search_text", "number"}

Contents = dict[str, list[dict[str, Any]]]


def contents(creator_id: UUID) -> Contents:
    """Every row of the source tables; names that the database made up are all the same."""
    return {table: sorted(_rows(creator_id, table), key=lambda row: json.dumps(row)) for table in TABLES}


def versions(creator_id: UUID) -> dict[str, list[tuple[str, ...]]]:
    """Where each row is and who wrote it: any change of a row changes one of them."""
    with tenant_tx(creator_id) as connection:
        return {
            table: sorted(tuple(row) for row in connection.execute(text(f"select ctid::text, xmin::text from {table}")))
            for table in TABLES
        }


def rows(creator_id: UUID, table: str) -> list[dict[str, Any]]:
    with tenant_tx(creator_id) as connection:
        return [dict(row) for row in connection.execute(text(f"select * from {table}")).mappings()]


def small_portions(monkeypatch: pytest.MonkeyPatch, facts: int = 3) -> None:
    monkeypatch.setattr(landing, "FACTS_OF_A_PORTION", facts)


def _rows(creator_id: UUID, table: str) -> list[dict[str, Any]]:
    with tenant_tx(creator_id) as connection:
        found = connection.execute(text(f"select to_jsonb(t) from {table} as t")).scalars().all()
    told = [{name: value for name, value in row.items() if name not in LEFT_OUT} for row in found]
    for row in told:
        if table in ("courses", "course_runs") and len(row["external_id"]) == UUID_LENGTH:
            row["external_id"] = "made up"
    return told
