"""Write what a portion said: new rows, changed ones, and what it takes to undo it."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from database.statements import sql
from sources.landing.names import Names
from sources.landing.portion import Portion
from sources.landing.relations import (
    ATTEMPTS,
    ENROLMENTS,
    MESSAGES,
    QUESTIONS,
    QUIZZES,
    RELATIONS,
    STUDENTS,
    VIDEOS,
    Column,
    Key,
    Relation,
    Told,
    Values,
)
from sources.landing.rows import Entry, Row
from sources.landing.tables import IMPORT, array, insert, update
from sources.landing.texts import as_json, key_hash, key_text

LEAVE_FIRST_RUN = text(sql("sources/landing/leave_first_run"))
WITH_EXTERNAL_ID = {STUDENTS, VIDEOS, QUIZZES, QUESTIONS}
EXTERNAL_ID = Column("external_id", "text")
ATTEMPT_NUMBER, SEQUENCE = Column("attempt_number", "integer"), Column("sequence", "integer")
# What follows from other facts wherever nobody says it.
FOLLOWS = {(STUDENTS, "created_at"), (ENROLMENTS, "enrolled_at")}
BEYOND = 1_000_000_000  # attempts and messages get their numbers afterwards
SAY = text(
    """
    insert into said_rows (creator_id, relation, key, place, import_number, student_id, told)
    select
        :creator_id,
        :relation,
        given.key,
        given.place,
        given.import_number,
        given.student_id,
        given.told::jsonb
    from unnest(
        cast(:keys as text[]),
        cast(:places as integer[]),
        cast(:imports as integer[]),
        cast(:students as uuid[]),
        cast(:told as text[])
    ) as given (key, place, import_number, student_id, told)
    on conflict (creator_id, relation, key, place) do update set told = excluded.told
    """
)
SAME = text(
    """
    insert into same_rows (creator_id, import_number, relation, portion, key_hashes)
    values (:creator_id, :number, :relation, :portion, :key_hashes)
    on conflict (creator_id, import_number, relation, portion)
    do update set key_hashes = same_rows.key_hashes || excluded.key_hashes
    """
)
SESSIONS = text(
    """
    insert into chat_sessions (creator_id, id, student_id, started_at, is_by_gaps, import_number)
    select
        :creator_id,
        given.id,
        given.student_id,
        given.started_at,
        given.is_by_gaps,
        0
    from unnest(
        cast(:ids as uuid[]),
        cast(:students as uuid[]),
        cast(:instants as timestamptz[]),
        cast(:by_gaps as boolean[])
    ) as given (id, student_id, started_at, is_by_gaps)
    on conflict (creator_id, id) do nothing
    """
)

Said = tuple[str, int, int | None, UUID | None, str]  # key, place, import, student, what was said


def write(connection: Connection, portion: Portion, last_line: int) -> None:
    """Write the rows of the portion, parents first."""
    creator_id = portion.names.creator_id
    for relation in RELATIONS:
        rows = portion.rows.of.get(relation, {})
        if relation is MESSAGES:
            written = (row.values for row in rows.values() if row.is_new or row.is_changed)
            put_into_sessions(connection, portion.names, written)
        if relation is ENROLMENTS and rows:
            students = array("uuid", {key[0] for key in rows})
            connection.execute(LEAVE_FIRST_RUN, {"creator_id": creator_id, "students": students})
        _insert(connection, portion, relation, [(key, row) for key, row in rows.items() if row.is_new])
        changed = [(key, row) for key, row in rows.items() if row.is_changed]
        update(connection, creator_id, relation, [(*key, *row.values, portion.number) for key, row in changed])
        _note(connection, portion, relation, rows, last_line)


def say(connection: Connection, creator_id: UUID, relation: Relation, said: Sequence[Said]) -> None:
    """Note what imports said about rows."""
    if said:
        keys, places, imports, students, told = zip(*said, strict=True)
        asked = {
            "keys": array("text", keys),
            "places": array("integer", places),
            "imports": array("integer", imports),
            "students": array("uuid", students),
            "told": array("text", told),
        }
        connection.execute(SAY, {"creator_id": creator_id, "relation": relation.name, **asked})


def _insert(connection: Connection, portion: Portion, relation: Relation, rows: Iterable[tuple[Key, Row]]) -> None:
    columns: list[Column] = [*relation.key, *relation.columns, *relation.fixed, IMPORT]
    values = [[*key, *row.values, *row.fixed, row.writer] for key, row in rows]
    if relation in WITH_EXTERNAL_ID:
        columns.append(EXTERNAL_ID)
        for one in values:
            one.append(portion.external[relation, (one[0],)])
    if relation is ATTEMPTS:
        columns.append(ATTEMPT_NUMBER)
        for place, one in enumerate(values):
            one.append(BEYOND + place)
    if relation is MESSAGES:
        columns.append(SEQUENCE)
        for place, one in enumerate(values):
            one.append(BEYOND + place)
    insert(connection, portion.names.creator_id, relation, columns, values)


def _note(connection: Connection, portion: Portion, relation: Relation, rows: dict[Key, Row], last_line: int) -> None:
    """Note what was said about rows that others spoke of too."""
    said: list[Said] = []
    hashes: list[bytes] = []
    for key, row in rows.items():
        if row.said is None and len(row.says) < 2:
            continue
        if not row.entries and not row.is_changed and _is_said_once(relation, row):
            if row.writer not in (None, portion.number):
                hashes.append(key_hash(relation, key).to_bytes(8, "big"))
            continue
        said += _entries(relation, key, row, portion.number)
    say(connection, portion.names.creator_id, relation, said)
    if hashes:
        noted = {"relation": relation.name, "portion": last_line, "key_hashes": b"".join(hashes)}
        connection.execute(SAME, {"creator_id": portion.names.creator_id, "number": portion.number, **noted})


def _is_said_once(relation: Relation, row: Row) -> bool:
    """Whether this import alone would have made the row as it is, with one word."""
    return row.writer is None or (len(row.says) < 2 and _is_all(relation, row))


def _is_all(relation: Relation, row: Row) -> bool:
    """Whether this import alone would have made the row as it is."""
    return row.said == row.values or all(
        said == value or (said is None and (value == unsaid or (relation, column.name) in FOLLOWS))
        for said, value, unsaid, column in zip(
            row.said or (), row.values, relation.unsaid, relation.columns, strict=True
        )
    )


def _entries(relation: Relation, key: Key, row: Row, number: int) -> list[Said]:
    """What is added to what was said about the row: its state before, if it is the first time, and this."""
    entries = list(row.entries)
    known = len(entries)
    says: list[Told] = list(row.says) or [row.said or relation.nothing]
    if not entries:
        values = relation.said(relation.unsaid, says.pop(0)) if row.before is None else row.before
        entries.append(Entry(0, number if row.before is None else row.writer, values))
    elif entries[-1].import_number == number and not row.says:
        known -= 1
        entries[-1] = entries[-1]._replace(values=relation.said(entries[-1].values, says.pop()))
    own = [entry.values for entry in entries if entry.import_number == number]
    for told in says:
        if list(told) not in own:
            entries.append(Entry(entries[-1].place + 1, number, list(told)))
    text_of_key = key_text(relation, key)
    return [
        (text_of_key, one.place, one.import_number, row.student_id, as_json(relation, one.values))
        for one in entries[known:]
    ]


def put_into_sessions(connection: Connection, names: Names, messages: Iterable[Values]) -> None:
    """Give each message a conversation: its own, or one for the student, which is divided by gaps afterwards."""
    sessions: dict[UUID, tuple[Any, ...]] = {}
    for values in messages:
        session_id, student_id, at = values[0], values[1], values[7]
        is_by_gaps = session_id is None
        if is_by_gaps:
            session_id = values[0] = names.made("talk", str(student_id))
        sessions.setdefault(session_id, (session_id, student_id, at, is_by_gaps))
    if sessions:
        ids, students, instants, by_gaps = zip(*sessions.values(), strict=True)
        asked = {
            "ids": array("uuid", ids),
            "students": array("uuid", students),
            "instants": array("timestamptz", instants),
            "by_gaps": array("boolean", by_gaps),
        }
        connection.execute(SESSIONS, {"creator_id": names.creator_id, **asked})
