"""What arrived by xAPI, what of it was understood, and what creators decide about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text

from database.clock import now
from database.statements import sql
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError
from sources.xapi.again import mark_everything
from sources.xapi.storing import use_bytes

MOST_PAIRS = 1_000
LONGEST_PAGE = 2_000

COUNTS = text(
    """
    -- One row per meaning and verb, most first.
    select
        meaning,
        verb,
        count(*) as statements,
        max(stored_at) as newest_at
    from xapi_statements
    where creator_id = :creator_id
    group by
        meaning,
        verb
    order by
        count(*) desc,
        meaning asc,
        verb asc
    """
)
REST = text(
    """
    -- One row.
    select
        (
            select count(distinct group_key)
            from xapi_marks
            where creator_id = :creator_id
        ) as waiting,
        (
            select coalesce(sum(statements), 0)
            from xapi_unkept
            where creator_id = :creator_id
        ) as unkept,
        (
            select coalesce(sum(bytes), 0)
            from xapi_usage
            where creator_id = :creator_id
        ) as bytes
    """
)
BROKEN_RULES = text(
    """
    -- One row per rule that statements break, most often broken first.
    select
        told.rule,
        sum(told.times::bigint) as times
    from xapi_groups
    cross join lateral jsonb_each_text(xapi_groups.refused) as told (rule, times)
    where xapi_groups.creator_id = :creator_id
    group by told.rule
    order by
        sum(told.times::bigint) desc,
        told.rule asc
    """
)
PAIRS = text(sql("sources/xapi/maybe_one_person"))
ADD_PAGE = text(
    """
    insert into xapi_home_pages (creator_id, home_page)
    values (:creator_id, :home_page)
    on conflict do nothing
    """
)
REMOVE_PAGE = text("delete from xapi_home_pages where creator_id = :creator_id and home_page = :home_page")
FORGET = text(
    """
    -- The oldest ones: their bytes. What they said stays, and is nobody's to take back any more.
    with gone as (
        delete from xapi_statements
        where
            creator_id = :creator_id
            and id in (
                select id
                from xapi_statements
                where
                    creator_id = :creator_id
                    and stored_at < :before
                order by stored_at asc
                limit :most
            )
        returning group_key, length(statement) as size
    ),

    settled as (
        delete from xapi_groups
        where
            creator_id = :creator_id
            and group_key in (select group_key from gone)
    )

    select
        count(*) as statements,
        coalesce(sum(size), 0) as bytes
    from gone
    """
)
AT_ONCE = 5_000


@dataclass(frozen=True)
class Arrived:
    """How many statements with a verb arrived, and what they were taken for."""

    meaning: str
    verb: str
    statements: int
    newest_at: datetime


@dataclass(frozen=True)
class Overview:
    """Everything that arrived; `unkept` are statements of people who were erased, `broken_rules` what was left out."""

    arrived: Sequence[Arrived]
    waiting: int  # groups of statements
    unkept: int
    used_bytes: int
    broken_rules: Sequence[tuple[str, int]]

    @property
    def not_understood(self) -> int:
        return sum(one.statements for one in self.arrived if one.meaning in ("unknown", "nobody"))


@dataclass(frozen=True)
class MaybeOnePerson:
    """Two students who may be one person, each with the id that a source uses, and what they have in common."""

    reason: str  # "address", "account" or "name"
    one_external_id: str
    one_name: str
    other_external_id: str
    other_name: str


def overview(creator_id: UUID) -> Overview:
    """What arrived for the creator, from all keys."""
    asked = {"creator_id": creator_id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        arrived = [Arrived(*row) for row in connection.execute(COUNTS, asked)]
        rest = connection.execute(REST, asked).one()
        broken = [(row.rule, int(row.times)) for row in connection.execute(BROKEN_RULES, asked)]
    return Overview(arrived, rest.waiting, int(rest.unkept), int(rest.bytes), broken)


def maybe_one_person(creator_id: UUID) -> list[MaybeOnePerson]:
    """Pairs of students who may be one person. Nobody is merged: that is for the creator to decide."""
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        rows = connection.execute(PAIRS, {"creator_id": creator_id, "most": MOST_PAIRS})
        return [MaybeOnePerson(*row) for row in rows]


def declare_home_page(creator_id: UUID, home_page: str, is_own: bool = True) -> None:
    """Say whether account names of a home page are the creator's own ids of students; all statements are read again."""
    if not 1 <= len(home_page) <= LONGEST_PAGE or "://" not in home_page:
        raise InputError(f'The home page is "{home_page[:100]}"; write it as statements do: https://school.example.')
    with tenant_tx(creator_id) as connection:
        connection.execute(ADD_PAGE if is_own else REMOVE_PAGE, {"creator_id": creator_id, "home_page": home_page})
    mark_everything(creator_id)


def forget_statements(creator_id: UUID, days: int) -> int:
    """Remove raw statements that were stored more than these days ago; returns how many. Figures stay as they are."""
    asked = {"creator_id": creator_id, "before": now() - timedelta(days=days), "most": AT_ONCE}
    forgotten = 0
    while True:
        with tenant_tx(creator_id, JOB_SECONDS) as connection:
            gone = connection.execute(FORGET, asked).one()
            if gone.statements:
                use_bytes(connection, creator_id, -int(gone.bytes))
        forgotten += int(gone.statements)
        if gone.statements < AT_ONCE:
            return forgotten
