"""Reading everything again: after a change of the rules, or of whose ids account names are."""

import json
from typing import Any
from uuid import UUID

from sqlalchemy import text

from database.tenancy import JOB_SECONDS, tenant_tx
from sources.xapi.meanings import meaning

AT_ONCE = 2_000

PAGE = text(
    """
    select
        id,
        statement,
        meaning,
        group_key
    from xapi_statements
    where
        creator_id = :creator_id
        and id > :behind
    order by id asc
    limit :most
    """
)
CHANGE = text(
    """
    update xapi_statements
    set
        meaning = told.meaning,
        group_key = told.group_key
    from unnest(
        cast(:ids as uuid[]),
        cast(:meanings as text[]),
        cast(:groups as uuid[])
    ) as told (id, meaning, group_key)
    where
        xapi_statements.creator_id = :creator_id
        and xapi_statements.id = told.id
    """
)
# Groups that have no statement any more are read too: what they wrote is taken back.
MARK = text(
    """
    insert into xapi_marks (creator_id, group_key)
    select distinct
        cast(:creator_id as uuid),
        known.group_key
    from (
        select group_key
        from xapi_statements
        where creator_id = :creator_id
        union all
        select group_key
        from xapi_groups
        where creator_id = :creator_id
    ) as known
    where known.group_key is not null
    """
)


def mark_everything(creator_id: UUID) -> None:
    """Find out again what each statement is about, and mark every group; the worker does the rest.

    It may be killed at any moment and called again.
    """
    behind = UUID(int=0)
    while page := _reread(creator_id, behind):
        behind = page
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        connection.execute(MARK, {"creator_id": creator_id})


def _reread(creator_id: UUID, behind: UUID) -> UUID | None:
    """One page of statements; returns the last of them, None if there are no more."""
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        rows = connection.execute(PAGE, {"creator_id": creator_id, "behind": behind, "most": AT_ONCE}).all()
        changed: list[tuple[Any, ...]] = []
        for row in rows:
            now = meaning(json.loads(row.statement))
            if (now.kind, now.group) != (row.meaning, row.group_key):
                changed.append((str(row.id), now.kind, str(now.group) if now.group else None))
        if changed:
            ids, meanings, groups = (list(column) for column in zip(*changed, strict=True))
            asked = {"creator_id": creator_id, "ids": ids, "meanings": meanings, "groups": groups}
            connection.execute(CHANGE, asked)
    return rows[-1].id if rows else None
