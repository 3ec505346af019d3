"""Why an export is still waiting. Never cached."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text

from database.tenancy import directory_tx
from database.workers import workers_heard
from queries.exports.known import Export
from rules.formatting import grouped

NOBODY = (
    "No worker is running, so no export is being written. Nothing is lost: it goes on by itself as soon as one runs. "
    "If this lasts for minutes, tell support."
)

AHEAD = text(
    """
    -- One row per requested export that is unfinished: how many unfinished ones, of all creators, came before it.
    with unfinished_placed as (
        select
            id,
            row_number() over (order by created_at, id) - 1 as ahead
        from export_logs
        where status in ('pending', 'processing')
    )

    select
        id,
        ahead
    from unfinished_placed
    where id = any(:ids)
    """
)


@dataclass(frozen=True)
class Waiting:
    """A reason in words; stuck: it needs attention."""

    reason: str
    is_stuck: bool


def reasons_for_waiting(found: Iterable[Export]) -> dict[UUID, Waiting]:
    """By id, why each waiting export is waiting; queries nothing if all are finished."""
    unfinished = [one for one in found if one.is_unfinished]
    if not unfinished:
        return {}
    if not workers_heard():
        return {one.id: Waiting(NOBODY, is_stuck=True) for one in unfinished}
    pending = [one.id for one in unfinished if one.status == "pending"]
    if not pending:
        return {}
    return {export_id: Waiting(_in_words(ahead), is_stuck=False) for export_id, ahead in _ahead(pending)}


def _ahead(ids: list[UUID]) -> list[tuple[UUID, int]]:
    with directory_tx() as connection:
        return [(row.id, row.ahead) for row in connection.execute(AHEAD, {"ids": ids})]


def _in_words(ahead: int) -> str:
    if not ahead:
        return "Waiting to start"
    return (
        "Waiting for 1 export asked for before"
        if ahead == 1
        else f"Waiting for {grouped(ahead)} exports asked for before"
    )
