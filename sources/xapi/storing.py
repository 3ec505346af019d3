"""Storing statements: all of a request or none, and what is answered as stored is stored."""

import random
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import now
from database.erased import erased
from database.statements import sql
from database.tenancy import tenant_tx
from rules.errors import InputError
from sources.xapi.arrivals import Arrival, arrivals
from sources.xapi.keys import Json, actor_name
from sources.xapi.people import student

QUOTA_BYTES = 20 * 2**30  # of one creator: statements, attachments and documents together
SLOTS = 16
STORING_SECONDS = 10.0
ERASED = "erased"

STORE = text(sql("sources/xapi/store"))
KNOWN = text(
    """
    -- One row per statement that is stored already: what it says.
    select
        id,
        content_key
    from xapi_statements
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
    """
)
STATE = text(
    """
    -- One row: the bytes that are used, and the home pages that the creator declared as theirs. The lock says that
    -- somebody is storing: who erases a person waits for them.
    select
        pg_advisory_xact_lock_shared(hashtextextended('xapi ' || cast(:creator_id as text), 0)) as locked,
        (
            select coalesce(sum(bytes), 0)
            from xapi_usage
            where creator_id = :creator_id
        ) as bytes,
        array(
            select home_page
            from xapi_home_pages
            where creator_id = :creator_id
        ) as home_pages
    """
)
USE = text(
    """
    insert into xapi_usage as used (creator_id, slot, bytes)
    values (:creator_id, :slot, :bytes)
    on conflict (creator_id, slot) do update set bytes = used.bytes + excluded.bytes
    """
)
MENTION = text(
    """
    insert into xapi_mentions (creator_id, agent_key, statement_id)
    select
        :creator_id,
        agent_key,
        statement_id
    from unnest(cast(:agents as uuid[]), cast(:statements as uuid[])) as told (agent_key, statement_id)
    """
)
VOID = text(
    """
    -- A statement that is voided leaves the facts of its group. One that comes later is marked by its own arrival.
    insert into xapi_marks (creator_id, group_key)
    select distinct
        :creator_id,
        group_key
    from xapi_statements
    where
        creator_id = :creator_id
        and key_id = :key_id
        and id = any(cast(:ids as uuid[]))
        and group_key is not null
    """
)
ATTACH = text(
    """
    insert into xapi_attachments (creator_id, statement_id, sha2, content_type, content)
    values (:creator_id, :statement_id, :sha2, :content_type, :content)
    on conflict do nothing
    """
)
NOT_KEPT = text(
    """
    insert into xapi_unkept as counted (creator_id, on_date, reason, statements)
    values (:creator_id, (dashboard_now() at time zone 'UTC')::date, :reason, :statements)
    on conflict (creator_id, on_date, reason) do update set statements = counted.statements + excluded.statements
    """
)


class OtherContent(InputError):
    """A statement has the id of a stored one, and says something else. Nothing of the request was stored."""


class QuotaExceeded(InputError):
    """The creator's statements and documents take up all the space that there is for them."""


class Writer(NamedTuple):
    """The API key that writes, as the statements name it."""

    creator_id: UUID
    key_id: UUID
    authority: Json


class File(NamedTuple):
    """The content of an attachment."""

    sha2: str
    content_type: str
    content: bytes


def store_statements(
    writer: Writer, statements: Sequence[Json], version: str, files: Sequence[File] = ()
) -> list[UUID]:
    """Store checked statements; returns their ids in their order. Ones that are stored already change nothing.

    Statements of people who were erased are not kept, and counted. Raises OtherContent, QuotaExceeded and
    NotAStatement.
    """
    stored_at = now()
    rows = arrivals(statements, writer.authority, version, stored_at)
    with tenant_tx(writer.creator_id, STORING_SECONDS) as connection:
        kept = _of_others_than_the_erased(connection, writer.creator_id, rows)
        asked = {"creator_id": writer.creator_id, "key_id": writer.key_id, "stored_at": stored_at}
        new = set(connection.execute(STORE, asked | _columns(kept)).scalars()) if kept else set()
        _must_say_the_same(connection, writer.creator_id, [row for row in kept if row.id not in new])
        added = [row for row in kept if row.id in new]
        voided = [str(row.ref_id) for row in added if row.is_voiding]
        if voided:
            connection.execute(VOID, {"creator_id": writer.creator_id, "key_id": writer.key_id, "ids": voided})
        _mention(connection, writer.creator_id, added)
        attached = _attach(connection, writer.creator_id, added, files)
        if added:
            use_bytes(connection, writer.creator_id, sum(len(row.statement) for row in added) + attached)
    return [UUID(statement["id"]) for statement in statements]


def use_bytes(connection: Connection, creator_id: UUID, size: int) -> None:
    """Count bytes of the creator; in one row of several, so that two requests seldom wait for each other."""
    slot = random.randrange(SLOTS)  # noqa: S311  # no secret
    connection.execute(USE, {"creator_id": creator_id, "slot": slot, "bytes": size})


def erased_among(connection: Connection, creator_id: UUID, agents: Sequence[Json]) -> set[str]:
    """The names of those agents who are people that were erased. Raises QuotaExceeded, before each write."""
    state = connection.execute(STATE, {"creator_id": creator_id}).one()
    if state.bytes > QUOTA_BYTES:
        raise QuotaExceeded(
            f"The creator's xAPI statements and documents take up all of their {QUOTA_BYTES >> 30} GB. "
            "Remove old ones with `python manage.py xapi forget`."
        )
    known, home_pages = erased(connection, creator_id), frozenset(state.home_pages)
    named = ((actor_name(agent), student(agent, home_pages)) for agent in agents)
    return {name for name, who in named if name and (known.knows(who.id, name) or known.knows_address(who.email))}


def _of_others_than_the_erased(connection: Connection, creator_id: UUID, rows: Sequence[Arrival]) -> list[Arrival]:
    known = {actor_name(agent): agent for row in rows for agent in row.people}
    gone = erased_among(connection, creator_id, list(known.values()))
    if not gone:
        return list(rows)
    kept = [row for row in rows if not any(actor_name(agent) in gone for agent in row.people)]
    counted = {"creator_id": creator_id, "reason": ERASED, "statements": len(rows) - len(kept)}
    connection.execute(NOT_KEPT, counted)
    return kept


def _columns(rows: Sequence[Arrival]) -> dict[str, Any]:
    columns: dict[str, list[Any]] = {
        name: [getattr(row, name) for row in rows] for name in Arrival._fields if name not in ("mentioned", "people")
    }
    columns["activities"] = [" ".join(map(str, row.activities)) for row in rows]
    return {
        name: [str(value) if isinstance(value, UUID) else value for value in found] for name, found in columns.items()
    }


def _must_say_the_same(connection: Connection, creator_id: UUID, rows: Sequence[Arrival]) -> None:
    if not rows:
        return
    asked = {"creator_id": creator_id, "ids": [str(row.id) for row in rows]}
    known = {row.id: row.content_key for row in connection.execute(KNOWN, asked)}
    for row in rows:
        if known.get(row.id) != row.content_key:
            raise OtherContent(
                f"The statement {row.id} is stored already, and says something else. "
                "Nothing of this request was stored; give the statement another id."
            )


def _mention(connection: Connection, creator_id: UUID, rows: Sequence[Arrival]) -> None:
    told = [(str(agent), str(row.id)) for row in rows for agent in row.mentioned]
    if told:
        asked = {"agents": [agent for agent, _ in told], "statements": [statement for _, statement in told]}
        connection.execute(MENTION, {"creator_id": creator_id} | asked)


def _attach(connection: Connection, creator_id: UUID, rows: Sequence[Arrival], files: Sequence[File]) -> int:
    """Keep the files beside each statement that names them; returns their bytes."""
    attached = 0
    for row in rows if files else ():
        for file in files:
            if file.sha2 in row.statement:
                told = {"creator_id": creator_id, "statement_id": row.id} | file._asdict()
                connection.execute(ATTACH, told)
                attached += len(file.content)
    return attached
