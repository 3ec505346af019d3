"""How what a query reads grows with the number of students, and by which rule it is judged."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import event

from database.engine import engine
from database.tenancy import tenant_tx
from queries.cache.caching import CachedQuery

# These have a row per student or more; everything else is as long as the course, or the calendar.
OF_STUDENTS = {
    "activity_events",
    "asked_questions",
    "chat_messages",
    "chat_sessions",
    "conversations",
    "dated_attempts",
    "enrolled_students",
    "first_answers",
    "question_askers",
    "quiz_answers",
    "quiz_attempts",
    "quiz_takers",
    "student_days",
    "student_totals",
    "students",
    "taken_quizzes",
    "video_progress",
    "views",
    "visits",
    "watch_segments",
    "watched_videos",
}

ROWS_ALONE = (
    "enable_seqscan = off",
    "enable_hashjoin = off",
    "enable_mergejoin = off",
    "seq_page_cost = 0",
    "random_page_cost = 0",
    "cpu_tuple_cost = 1",
    "cpu_index_tuple_cost = 1",
)


@dataclass(frozen=True)
class Sent:
    """A statement as it was sent."""

    text: str
    parameters: Any


def rows_read(query: CachedQuery[..., Any], creator_id: UUID, arguments: tuple[Any, ...]) -> dict[str, int]:
    """How many rows of which relation the query looks at, including those that it then leaves out.

    Without sequential scans, and each join row by row: with few rows everything else is cheap, and the planner would
    not
    show which index exists. And it weighs only rows, as they are counted here: so few fill so few pages that two
    plans may cost nearly the same, and the choice would depend on how the pages happen to lie.
    """
    read: dict[str, int] = {}
    for sent in statements_of(query, creator_id, arguments):
        for node in _nodes(_plan(creator_id, sent)):
            if "Relation Name" in node:
                read[node["Relation Name"]] = read.get(node["Relation Name"], 0) + _rows(node)
    return read


def statements_of(query: CachedQuery[..., Any], creator_id: UUID, arguments: tuple[Any, ...]) -> list[Sent]:
    """The statements that the query sends, without those that open its transactions."""
    sent: list[Sent] = []

    def keep(_connection: Any, _cursor: Any, text: str, parameters: Any, _context: Any, _many: bool) -> None:
        if text.lstrip().startswith(("--", "select", "with")):
            sent.append(Sent(text, parameters))

    event.listen(engine(), "before_cursor_execute", keep)
    try:
        query.fresh(creator_id, *arguments)
    finally:
        event.remove(engine(), "before_cursor_execute", keep)
    return sent


def _plan(creator_id: UUID, sent: Sent) -> dict[str, Any]:
    with tenant_tx(creator_id, limit_seconds=60) as connection:
        connection.exec_driver_sql("; ".join(f"set local {setting}" for setting in ROWS_ALONE))
        told = connection.exec_driver_sql(
            f"explain (analyze, timing off, format json) {sent.text}", sent.parameters
        ).scalar_one()
    plan: dict[str, Any] = (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]
    return plan


def _nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for part in plan.get("Plans", ()):
        yield from _nodes(part)


def _rows(node: dict[str, Any]) -> int:
    left_out = node.get("Rows Removed by Filter", 0) + node.get("Rows Removed by Index Recheck", 0)
    return int((node["Actual Rows"] + left_out) * node["Actual Loops"])
