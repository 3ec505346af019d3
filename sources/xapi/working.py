"""Understanding what was stored: group by group, in portions that can be killed at any moment.

A group is read whole, from the raw statements, whenever one of them arrives: the order of arrival does not matter. What
it said before and says no longer is taken back in the same transaction.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from database.canonical import digest
from database.clock import now
from database.statements import sql
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx
from sources.facts import Line
from sources.landing import register
from sources.landing.landing import land_portion
from sources.landing.names import Names
from sources.landing.register import Begun, GoneOn, take_turns
from sources.landing.source import Source
from sources.xapi.keys import Json, actor_key
from sources.xapi.taking_back import Written, take_back, written
from sources.xapi.understanding import Understood, understood

RULES = 1  # of understanding; the imports say by which ones they were read
GROUPS_OF_A_PORTION = 300
MOST_MARKS = 20_000
MOST_CHARACTERS = 20_000_000  # of the statements of a portion, and of one group; no player sends more

WAITING = text(
    """
    -- Creators with statements that wait, those that wait longest first.
    select creator_id
    from xapi_marks
    group by creator_id
    order by min(marked_at)
    """
)
TAKE = text("select pg_try_advisory_xact_lock(hashtextextended('xapi understanding ' || cast(:creator_id as text), 0))")
MARKS = text(
    """
    select
        id,
        group_key
    from xapi_marks
    where creator_id = :creator_id
    order by
        marked_at asc,
        id asc
    limit :most
    """
)
SIZES = text(
    """
    select
        group_key,
        sum(length(statement)) as characters
    from xapi_statements
    where
        creator_id = :creator_id
        and group_key = any(cast(:groups as uuid[]))
    group by group_key
    """
)
DONE = text("delete from xapi_marks where creator_id = :creator_id and id = any(cast(:ids as uuid[]))")
STATEMENTS = text(sql("sources/xapi/statements_of_groups"))
HOME_PAGES = text("select home_page from xapi_home_pages where creator_id = :creator_id")
KNOWN = text(
    """
    select
        group_key,
        written
    from xapi_groups
    where
        creator_id = :creator_id
        and group_key = any(cast(:groups as uuid[]))
    """
)
KEEP = text(
    """
    insert into xapi_groups (creator_id, group_key, actor_key, written, refused)
    select
        :creator_id,
        group_key,
        actor_key,
        written::jsonb,
        refused::jsonb
    from unnest(
        cast(:groups as uuid[]),
        cast(:actors as uuid[]),
        cast(:written as text[]),
        cast(:refused as text[])
    ) as told (group_key, actor_key, written, refused)
    on conflict (creator_id, group_key) do update set
        written = excluded.written,
        refused = excluded.refused,
        understood_at = dashboard_now()
    """
)
FORGET = text("delete from xapi_groups where creator_id = :creator_id and group_key = any(cast(:groups as uuid[]))")
FINISH_OTHERS = text(
    """
    update imports
    set
        state = 'done',
        ended_at = dashboard_now()
    where
        creator_id = :creator_id
        and door = 'xapi'
        and state = 'running'
        and number <> :number
    """
)


class Group(NamedTuple):
    """A group as it is now: its statements, and what they say."""

    actor: UUID
    said: Understood


def waiting_creators() -> list[UUID]:
    """The creators with statements that were not understood yet."""
    with platform_tx() as connection:
        return list(connection.execute(WAITING).scalars())


def understand_portion(creator_id: UUID) -> int:
    """Understand some groups of the creator; returns how many: 0 if none waits, or another process is at it."""
    if not _is_waiting(creator_id):
        return 0
    begun = replace(register.begin(creator_id, _source()), is_first=False)  # rebuilding all figures is for whole files
    try:
        with tenant_tx(creator_id, JOB_SECONDS) as connection:
            if not connection.execute(TAKE, {"creator_id": creator_id}).scalar_one():
                return 0
            take_turns(connection, creator_id)
            return _understood(connection, creator_id, begun)
    except GoneOn:  # another process took the portion between the two transactions
        return 0


def understand(creator_id: UUID) -> int:
    """Understand everything that waits; returns the number of groups."""
    groups = 0
    while done := understand_portion(creator_id):
        groups += done
    return groups


def _is_waiting(creator_id: UUID) -> bool:
    with tenant_tx(creator_id) as connection:
        return connection.execute(MARKS, {"creator_id": creator_id, "most": 1}).first() is not None


def _source() -> Source:
    """One import for each day: its counts are those of the day, and it can be undone like another."""
    day = now().date().isoformat()
    return Source("xapi", sha256=digest("xapi", day), mapping="xapi", mapping_version=RULES)


def _understood(connection: Connection, creator_id: UUID, begun: Begun) -> int:
    marks = connection.execute(MARKS, {"creator_id": creator_id, "most": MOST_MARKS}).all()
    marked = list(dict.fromkeys(mark.group_key for mark in marks))[:GROUPS_OF_A_PORTION]
    if not marked:
        return 0
    chosen = _as_many_as_fit(connection, creator_id, marked)
    asked: dict[str, Any] = {"creator_id": creator_id, "groups": [str(one) for one in chosen]}
    groups = _groups(connection, creator_id, asked)
    names = Names(creator_id, "")
    now_written = written(connection, names, {key: group.said.facts for key, group in groups.items()})
    known = {row.group_key: row.written for row in connection.execute(KNOWN, asked)}
    take_back(connection, creator_id, known, now_written)
    _land(connection, names, begun, [group for group in groups.values() if group.said.facts])
    _keep(connection, creator_id, chosen, groups, now_written)
    taken = {*chosen}
    connection.execute(
        DONE, {"creator_id": creator_id, "ids": [str(mark.id) for mark in marks if mark.group_key in taken]}
    )
    connection.execute(FINISH_OTHERS, {"creator_id": creator_id, "number": begun.number})
    return len(chosen)


def _as_many_as_fit(connection: Connection, creator_id: UUID, marked: Sequence[UUID]) -> list[UUID]:
    """The first groups whose statements can be in memory together; at least one."""
    asked = {"creator_id": creator_id, "groups": [str(one) for one in marked]}
    sizes = {row.group_key: int(row.characters) for row in connection.execute(SIZES, asked)}
    chosen: list[UUID] = []
    characters = 0
    for one in marked:
        characters += sizes.get(one, 0)
        if chosen and characters > MOST_CHARACTERS:
            break
        chosen.append(one)
    return chosen


def _groups(connection: Connection, creator_id: UUID, asked: Mapping[str, Any]) -> dict[UUID, Group]:
    home_pages = frozenset(connection.execute(HOME_PAGES, {"creator_id": creator_id}).scalars())
    statements: dict[UUID, list[Json]] = defaultdict(list)
    for row in connection.execute(STATEMENTS, {**asked, "most": MOST_CHARACTERS}):
        statements[row.group_key].append(json.loads(row.statement))
    found = {}
    for key, told in statements.items():
        actor = actor_key(told[0]["actor"])
        if actor is not None:
            found[key] = Group(actor, understood(told, home_pages))
    return found


def _land(connection: Connection, names: Names, begun: Begun, groups: Sequence[Group]) -> None:
    """Each group is a line: what of it is not possible with what is known is refused by itself."""
    if not groups:
        return
    lines = [Line(begun.position + place, group.said.facts) for place, group in enumerate(groups, start=1)]
    land_portion(connection, names, begun, lines, (begun.position, lines[-1].number), {})


def _keep(
    connection: Connection,
    creator_id: UUID,
    chosen: Sequence[UUID],
    groups: Mapping[UUID, Group],
    now_written: Mapping[UUID, Written],
) -> None:
    empty = [str(one) for one in chosen if one not in groups]
    if empty:
        connection.execute(FORGET, {"creator_id": creator_id, "groups": empty})
    rules = [Counter(refusal.rule for refusal in group.said.refusals) for group in groups.values()]
    told = {
        "groups": [str(one) for one in groups],
        "actors": [str(group.actor) for group in groups.values()],
        "written": [json.dumps(now_written[one]) for one in groups],
        "refused": [json.dumps(counted) for counted in rules],
    }
    if groups:
        connection.execute(KEEP, {"creator_id": creator_id, **told})
