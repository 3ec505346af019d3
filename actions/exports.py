"""Exports as people and programs ask for them: requested, cancelled."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from database.accounts import Account, note
from database.errors import InputError
from database.export_rules import MOST_AT_ONCE
from database.job_queue import defer
from database.tenancy import tenant_tx

QUEUE = "exports"
TASK = "write_export"

ENTITLED_TIER = "enterprise"

TIER = text("select subscription_tier from creators where id = :creator_id")
UNFINISHED = text(
    """
    select count(*)
    from export_logs
    where
        creator_id = :creator_id
        and status in ('pending', 'processing')
    """
)
SAME_REQUEST = text(
    """
    -- One row at most: the unique index allows no second one.
    select id
    from export_logs
    where
        creator_id = :creator_id
        and export_type = :type
        and format = :format
        and md5(filters::text) = md5(cast(:filters as jsonb)::text)
        and status in ('pending', 'processing')
    """
)
REQUEST = text(
    """
    insert into export_logs (creator_id, export_type, format, filters, requested_as, requested_by, requested_by_name)
    values (:creator_id, :type, :format, cast(:filters as jsonb), :requested_as, :requested_by, :requested_by_name)
    on conflict (creator_id, export_type, format, md5(filters::text)) where status in ('pending', 'processing')
    do nothing
    returning id
    """
)
CANCEL = text(
    """
    update export_logs
    set
        status = 'cancelled',
        completed_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :export_id
        and status in ('pending', 'processing')
    """
)


class TierEnded(InputError):
    """The creator has not the ENTERPRISE tier, which exports belong to."""

    names_no_person = True


class TooManyExports(InputError):
    """Ten exports of the creator wait or run already."""

    names_no_person = True


@dataclass(frozen=True)
class Asker:
    """Who asks: an account, an API key by its name, or the command line. Shown beside the export."""

    kind: Literal["creator", "staff", "api_key", "command_line"]
    name: str
    account_id: UUID | None = None


def asker(account: Account, creator_id: UUID) -> Asker:
    """The account as one that asks. Staff may, for every creator; raises InputError for other creators."""
    if account.role == "staff":
        return Asker("staff", account.name, account.id)
    if account.creator_id != creator_id:
        raise InputError("These are another creator's data.")
    return Asker("creator", account.name, account.id)


def request_export(
    by: Asker, creator_id: UUID, export_type: str, export_format: str, filters: Mapping[str, Any]
) -> UUID:
    """Write down what is wanted and hand it to a worker; the export's id.

    The same request that still waits or runs is the same export. Take the arguments from an
    `ExportRequest`, which has checked them. Raises TierEnded, and InputError when ten exports wait already.
    """
    export_id = note_request(by, creator_id, export_type, export_format, filters)
    hand_over(creator_id, export_id)
    return export_id


def note_request(by: Asker, creator_id: UUID, export_type: str, export_format: str, filters: Mapping[str, Any]) -> UUID:
    """Like `request_export`, for a caller who runs the export itself. Should it not, a worker will within a minute."""
    values = {"type": export_type, "format": export_format, "filters": json.dumps(filters)}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        export_id = _same_or_new(connection, by, values | {"creator_id": creator_id})
        if by.kind == "staff":
            note(connection, creator_id, by.account_id, "export requested", str(export_id))
        return export_id


def cancel_export(by: Asker, creator_id: UUID, export_id: UUID) -> bool:
    """End an export that waits or runs; its worker stops within seconds and keeps no file. False: it had ended."""
    with tenant_tx(creator_id) as connection:
        ended = connection.execute(CANCEL, {"creator_id": creator_id, "export_id": export_id}).rowcount == 1
        if ended and by.kind == "staff":
            note(connection, creator_id, by.account_id, "export cancelled", str(export_id))
        return ended


def hand_over(creator_id: UUID, export_id: UUID) -> bool:
    """Put an export that is committed as pending into the workers' queue; False where it is in there already."""
    arguments = {"creator_id": str(creator_id), "export_id": str(export_id)}
    return defer(TASK, queueing_lock=f"{TASK} {export_id}", queue=QUEUE, **arguments)


def must_be_entitled(connection: Connection, creator_id: UUID) -> None:
    """Raise TierEnded unless the creator has the ENTERPRISE tier at this very moment."""
    tier = connection.execute(TIER, {"creator_id": creator_id}).scalar()
    if tier != ENTITLED_TIER:
        raise TierEnded(f"Exports are part of the ENTERPRISE tier; this account has {(tier or 'none').upper()}.")


def _same_or_new(connection: Connection, by: Asker, values: dict[str, Any]) -> UUID:
    """Between looking for the same request and adding one, another may come or go: then look once more."""
    who = {"requested_as": by.kind, "requested_by": by.account_id, "requested_by_name": by.name}
    while True:
        same: UUID | None = connection.execute(SAME_REQUEST, values).scalar()
        if same:
            return same
        if connection.execute(UNFINISHED, values).scalar_one() >= MOST_AT_ONCE:
            raise TooManyExports(f"{MOST_AT_ONCE} exports wait or run already; wait for one to end, or cancel one.")
        added: UUID | None = connection.execute(REQUEST, values | who).scalar()
        if added:
            return added
