"""Creators with a history, as tests need them: everything has a default.

    ada = a_student("Ada Moss")
    creator = a_creator(students=[ada], watches=[a_watch(ada, days_ago=2)], timezone="Asia/Kolkata")

A row that names no student, video or quiz belongs to the creator's first, which is made if
there is none. `a_creator` has refreshed rollups; after `add`, `change` and `remove` call `refreshed`.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.bulk import upsert_rows
from database.creators import add_creator
from database.refresh import refresh
from database.tenancy import JOB_SECONDS, tenant_tx
from tests.histories import History, histories
from tests.rows import (
    DEFAULT,
    NOW,
    Row,
    Rows,
    a_chat,
    a_file,
    a_progress,
    a_question,
    a_quiz,
    a_quiz_question,
    a_retention_curve,
    a_segment,
    a_student,
    a_video,
    a_watch,
    an_answer,
    an_attempt,
    an_event,
    flat,
)

__all__ = [
    "NOW",
    "ACreator",
    "History",
    "Row",
    "a_chat",
    "a_creator",
    "a_file",
    "a_progress",
    "a_question",
    "a_quiz",
    "a_quiz_question",
    "a_retention_curve",
    "a_segment",
    "a_student",
    "a_video",
    "a_watch",
    "add",
    "an_answer",
    "an_attempt",
    "an_event",
    "change",
    "histories",
    "refreshed",
    "remove",
    "written",
]

# Referenced tables first. The key decides what a second write of the same row replaces.
KEYS = {
    "students": ("creator_id", "id"),
    "videos": ("creator_id", "id"),
    "video_editions": ("creator_id", "video_id", "edition"),
    "video_progress": ("creator_id", "student_id", "video_id"),
    "watch_segments": ("creator_id", "student_id", "video_id", "watched_at", "start_second"),
    "retention_points": ("creator_id", "video_id", "position_percent"),
    "activity_events": ("creator_id", "id"),
    "chat_sessions": ("creator_id", "id"),
    "chat_messages": ("creator_id", "id"),
    "quizzes": ("creator_id", "id"),
    "quiz_questions": ("creator_id", "id"),
    "question_editions": ("creator_id", "question_id", "edition"),
    "quiz_attempts": ("creator_id", "id"),
    "quiz_answers": ("creator_id", "attempt_id", "question_id"),
}
FIRSTS = {
    "student_id": ("students", a_student),
    "video_id": ("videos", a_video),
    "quiz_id": ("quizzes", a_quiz),
}


@dataclass(frozen=True)
class ACreator:
    id: UUID
    name: str
    subscription_tier: str
    timezone: str


def a_creator(
    *rows: Rows,
    name: str = "Mira Vale",
    subscription_tier: str = "enterprise",
    timezone: str = "UTC",
    **more_rows: Rows,
) -> ACreator:
    """Add a creator with these rows and refresh the rollups.

    Further keywords only make a call read well (`students=`, `videos=`, `watches=`, `chats=`, ...).
    """
    creator = ACreator(add_creator(name, subscription_tier, timezone), name, subscription_tier, timezone)
    add(creator, *rows, *more_rows.values())
    return refreshed(creator)


def written(history: History) -> ACreator:
    """A new creator with these rows and no figures yet, for tests that change more before the first refresh."""
    name, subscription_tier = "Mira Vale", "enterprise"
    creator = ACreator(
        add_creator(name, subscription_tier, history.timezone), name, subscription_tier, history.timezone
    )
    add(creator, history.rows)
    return creator


def refreshed(creator: ACreator | History) -> ACreator:
    """The creator (a new one for a history) with rollups that include every change so far."""
    if isinstance(creator, History):
        return a_creator(creator.rows, timezone=creator.timezone)
    assert refresh(creator.id), "another refresh of this creator is running"
    return creator


def add(creator: ACreator, *rows: Rows) -> None:
    """Write the rows; a row whose key exists is replaced, progress on a video is merged with the existing row."""
    # Rows arrive as fast as a busy machine creates them, which a page would not wait for.
    with tenant_tx(creator.id, limit_seconds=JOB_SECONDS) as connection:
        complete = _numbered(connection, _completed(connection, flat(rows)))
        for table, key in KEYS.items():
            _write(connection, creator.id, table, key, [row.values for row in complete if row.table == table])


def change(creator: ACreator, row: Row, **columns: Any) -> None:
    """Set columns of a row that was added before."""
    assignments = ", ".join(f"{column} = :{column}" for column in columns)
    condition, key = _found_by_key(row)
    with tenant_tx(creator.id) as connection:
        changed = connection.execute(text(f"update {row.table} set {assignments} where {condition}"), key | columns)
        assert changed.rowcount == 1


def remove(creator: ACreator, row: Row) -> None:
    """Delete a row that was added before, with everything that depends on it."""
    condition, key = _found_by_key(row)
    with tenant_tx(creator.id) as connection:
        assert connection.execute(text(f"delete from {row.table} where {condition}"), key).rowcount == 1


def _completed(connection: Connection, rows: list[Row]) -> list[Row]:
    for column, (table, first_of) in FIRSTS.items():
        if any(row.values.get(column) == DEFAULT for row in rows):
            known = [row.id for row in rows if row.table == table] or _ids(connection, table)
            if not known:
                rows = [made := first_of(), *rows]  # type: ignore[operator]
                known = [made.id]
            rows = [_with_default(row, column, known[0]) for row in rows]
    return _progress_merged(connection, rows)


def _ids(connection: Connection, table: str) -> Sequence[UUID]:
    return connection.execute(text(f"select id from {table} order by id limit 1")).scalars().all()


def _with_default(row: Row, column: str, first: UUID) -> Row:
    return Row(row.table, row.values | {column: first}) if row.values.get(column) == DEFAULT else row


def _progress_merged(connection: Connection, rows: list[Row]) -> list[Row]:
    """One progress row per student and video, like a platform's: first, last, most."""
    added = [row for row in rows if row.table == "video_progress"]
    if not added:
        return rows
    merged: dict[tuple[UUID, UUID], dict[str, Any]] = {}
    for values in [*_known_progress(connection), *(row.values for row in added)]:
        pair = (values["student_id"], values["video_id"])
        merged[pair] = _merged(merged[pair], values) if pair in merged else values
    touched = {(row.values["student_id"], row.values["video_id"]) for row in added}
    others = [row for row in rows if row.table != "video_progress"]
    return [*others, *(Row("video_progress", merged[pair]) for pair in sorted(touched))]


def _known_progress(connection: Connection) -> list[dict[str, Any]]:
    found = connection.execute(text("select * from video_progress")).mappings()
    return [{column: value for column, value in row.items() if column != "creator_id"} for row in found]


def _merged(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return one | {
        "first_watched": min(one["first_watched"], other["first_watched"]),
        "last_watched": max(one["last_watched"], other["last_watched"]),
        "watch_duration": _most(one["watch_duration"], other["watch_duration"]),
        "watch_percentage": _most(one["watch_percentage"], other["watch_percentage"]),
        "completed": one["completed"] or other["completed"],
    }


def _most(*known_or_not: float | None) -> float | None:
    return max((value for value in known_or_not if value is not None), default=None)


def _numbered(connection: Connection, rows: list[Row]) -> list[Row]:
    """Attempts without a number continue each student's count on the quiz."""
    known = connection.execute(text("select quiz_id, student_id from quiz_attempts")).all()
    counts = Counter((quiz_id, student_id) for quiz_id, student_id in known)
    numbered = []
    for row in rows:
        if row.table == "quiz_attempts":
            pair = (row.values["quiz_id"], row.values["student_id"])
            counts[pair] = row.values["attempt_number"] or counts[pair] + 1
            row = Row(row.table, row.values | {"attempt_number": counts[pair]})
        numbered.append(row)
    return numbered


def _write(
    connection: Connection, creator_id: UUID, table: str, key: Sequence[str], rows: Iterable[dict[str, Any]]
) -> None:
    found = list(rows)
    if found:
        columns = list(found[0])
        assert all(row.keys() == found[0].keys() for row in found), f"rows of {table} with different columns"
        values = ([creator_id, *(row[column] for column in columns)] for row in found)
        upsert_rows(connection, table, ["creator_id", *columns], values, key)


def _found_by_key(row: Row) -> tuple[str, dict[str, Any]]:
    columns = [column for column in KEYS[row.table] if column != "creator_id"]
    condition = " and ".join(f"{column} = :key_{column}" for column in columns)
    return condition, {f"key_{column}": row.values[column] for column in columns}
