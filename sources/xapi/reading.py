"""Reading statements back: those that the same key wrote, by id or by what they name."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from database.clock import now
from database.tenancy import tenant_tx
from sources.xapi.keys import Json
from sources.xapi.storing import STORING_SECONDS, File

MOST_STATEMENTS = 500
SECONDS_ON_THE_WAY = 1.0  # between the instant that a statement is stored at, and its transaction
MOST_CHARACTERS = 8_000_000  # of one answer; the rest is behind its "more"

SHOWN = """
        and not exists (
            select
            from xapi_statements as voiding
            where
                voiding.creator_id = :creator_id
                and voiding.ref_id = found.id
                and voiding.is_voiding
                and voiding.key_id = found.key_id
                and not found.is_voiding
        )
"""
ONE = f"""
    -- One row: the statement with this id, if it is voided or not as asked.
    select
        found.statement,
        found.stored_at
    from xapi_statements as found
    where
        found.creator_id = :creator_id
        and found.key_id = :key_id
        and found.id = :id
        and {{negated}} (
            true
            {SHOWN}
        )
"""
CONDITIONS = {
    "verb": "one.verb_key = :verb",
    "registration": "one.registration = :registration",
    "activity": "one.object_key = :activity",
    "related_activity": "position(cast(:related_activity as text) in one.activities) > 0",
    "agent": "one.actor_key = :agent",
    # The object of a statement may be an agent too; the index of actors serves nearly every request.
    "agent_or_object": "(one.actor_key = :agent_or_object or one.object_key = :agent_or_object)",
    "related_agent": """
        (
            one.actor_key = :related_agent
            or exists (
                select
                from xapi_mentions
                where
                    xapi_mentions.creator_id = :creator_id
                    and xapi_mentions.agent_key = :related_agent
                    and xapi_mentions.statement_id = one.id
            )
        )
    """,
}
BOUNDS = {
    "since": "{name}.stored_at > :since",
    "until": "{name}.stored_at <= :until",
}
BEHIND = {
    False: "({name}.stored_at, {name}.id) < (:behind_at, :behind_id)",
    True: "({name}.stored_at, {name}.id) > (:behind_at, :behind_id)",
}
# Of statements whose object is another statement there are few, and they have an index of their own.
SELECTION = """
    -- One row per statement that matches, or whose object is a statement that does, in the order asked for.
    with matching as (
        select one.id
        from xapi_statements as one
        where
            one.creator_id = :creator_id
            and one.key_id = :key_id
            {conditions}
            {bounds_of_one}
        order by one.stored_at {order}, one.id {order}
        limit :most
    ),

    referring as (
        select found.id
        from xapi_statements as found
        join xapi_statements as one
            on one.creator_id = :creator_id
            and one.id = found.ref_id
        where
            found.creator_id = :creator_id
            and found.key_id = :key_id
            and found.ref_id is not null
            {conditions}
            {bounds_of_found}
        order by found.stored_at {order}, found.id {order}
        limit :most
    )

    select
        found.id,
        found.stored_at,
        found.statement
    from xapi_statements as found
    where
        found.creator_id = :creator_id
        and found.id in (
            select id
            from matching
            union
            select id
            from referring
        )
        {shown}
    order by found.stored_at {order}, found.id {order}
    limit :most
"""
FILES = text(
    """
    select distinct on (sha2)
        sha2,
        content_type,
        content
    from xapi_attachments
    where
        creator_id = :creator_id
        and statement_id = any(cast(:ids as uuid[]))
    order by sha2 asc
    """
)
IS_IDLE = text("select pg_try_advisory_xact_lock(hashtextextended('xapi ' || cast(:creator_id as text), 0))")
DEFINITIONS = text(
    """
    -- Up to ten rows, newest first: statements of this key about the activity.
    select statement
    from xapi_statements
    where
        creator_id = :creator_id
        and key_id = :key_id
        and object_key = :activity
    order by stored_at desc
    limit 10
    """
)


class Filters(NamedTuple):
    """What a request asks for; None: everything."""

    agent: UUID | None = None
    verb: UUID | None = None
    activity: UUID | None = None
    registration: UUID | None = None
    related_activities: bool = False
    related_agents: bool = False
    since: datetime | None = None
    until: datetime | None = None
    ascending: bool = False
    limit: int = MOST_STATEMENTS
    behind: tuple[datetime, UUID] | None = None  # the last statement of the page before


class Found(NamedTuple):
    """A stored statement, as text."""

    id: UUID
    stored_at: datetime
    statement: str


class Page(NamedTuple):
    """Statements, and whether there are more behind the last of them."""

    statements: list[Found]
    has_more: bool


def one_statement(creator_id: UUID, key_id: UUID, statement_id: UUID, is_voided: bool = False) -> Found | None:
    """The statement of this key with this id; None if there is none, or one that is voided unless asked for so."""
    asked = {"creator_id": creator_id, "key_id": key_id, "id": statement_id}
    statement = text(ONE.format(negated="not" if is_voided else ""))
    with tenant_tx(creator_id) as connection:
        row = connection.execute(statement, asked).one_or_none()
    return Found(statement_id, row.stored_at, row.statement) if row else None


def statements(creator_id: UUID, key_id: UUID, filters: Filters) -> Page:
    """The statements of this key that match, newest first unless asked otherwise."""
    most = min(filters.limit or MOST_STATEMENTS, MOST_STATEMENTS)
    with tenant_tx(creator_id) as connection:
        found = _selected(connection, creator_id, key_id, filters, most + 1)
    page: list[Found] = []
    characters = 0
    for one in found[:most]:
        if page and characters + len(one.statement) > MOST_CHARACTERS:
            break
        page.append(one)
        characters += len(one.statement)
    return Page(page, len(page) < len(found))


def files_of(creator_id: UUID, statement_ids: Sequence[UUID]) -> list[File]:
    """The attachments of these statements, each once."""
    asked = {"creator_id": creator_id, "ids": [str(one) for one in statement_ids]}
    with tenant_tx(creator_id) as connection:
        return [File(row.sha2, row.content_type, bytes(row.content)) for row in connection.execute(FILES, asked)]


def described_activity(creator_id: UUID, key_id: UUID, activity: UUID, activity_id: str) -> Json:
    """The activity with the newest words that statements of this key have for it."""
    asked = {"creator_id": creator_id, "key_id": key_id, "activity": activity}
    with tenant_tx(creator_id) as connection:
        rows = list(connection.execute(DEFINITIONS, asked).scalars())
    told: Json = {}
    for row in reversed(rows):  # what a newer statement says wins
        told = _merged(told, json.loads(row)["object"].get("definition", {}))
    return {"objectType": "Activity", "id": activity_id} | ({"definition": told} if told else {})


def _merged(known: Json, told: Json) -> Json:
    """Both language maps and both sets of extensions; of anything else, what is told last."""
    both = {name for name in told if isinstance(told[name], dict) and isinstance(known.get(name), dict)}
    return known | told | {name: known[name] | told[name] for name in both}


def consistent_through(creator_id: UUID) -> datetime:
    """Everything stored until then can be read: nobody is storing anything from before it any more."""
    with tenant_tx(creator_id) as connection:
        is_idle = connection.execute(IS_IDLE, {"creator_id": creator_id}).scalar_one()
    return now() - timedelta(seconds=SECONDS_ON_THE_WAY if is_idle else STORING_SECONDS)


def _selected(connection: Connection, creator_id: UUID, key_id: UUID, filters: Filters, most: int) -> list[Found]:
    asked: dict[str, Any] = {"creator_id": creator_id, "key_id": key_id, "most": most}
    conditions = _conditions(filters, asked)
    bounds = [name for name in BOUNDS if getattr(filters, name) is not None]
    asked |= {name: getattr(filters, name) for name in bounds}
    limits = [BOUNDS[name] for name in bounds]
    if filters.behind:
        asked |= {"behind_at": filters.behind[0], "behind_id": filters.behind[1]}
        limits.append(BEHIND[filters.ascending])
    statement = SELECTION.format(
        conditions=_all(conditions),
        bounds_of_one=_all(limit.format(name="one") for limit in limits),
        bounds_of_found=_all(limit.format(name="found") for limit in limits),
        order="asc" if filters.ascending else "desc",
        shown=SHOWN,
    )
    return [Found(row.id, row.stored_at, row.statement) for row in connection.execute(text(statement), asked)]


def _all(conditions: Any) -> str:
    return "\n".join(f"and {condition}" for condition in conditions)


def _conditions(filters: Filters, asked: dict[str, Any]) -> list[str]:
    """The conditions that are asked for; their values are added to `asked`."""
    values = {
        "verb": filters.verb,
        "registration": filters.registration,
        "related_activity" if filters.related_activities else "activity": filters.activity,
        "related_agent" if filters.related_agents else "agent_or_object": filters.agent,
    }
    given = {name: value for name, value in values.items() if value is not None}
    asked |= given
    return [CONDITIONS[name] for name in given]
