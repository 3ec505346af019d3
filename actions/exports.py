"""Exports from the requester's side: request, cancel."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

from sqlalchemy import Connection, text

from database.accounts import Account, note
from database.job_queue import defer
from database.tenancy import tenant_tx
from rules.errors import InputError
from rules.export_rules import MOST_AT_ONCE
from rules.tiers import must_open_the_dashboard

QUEUE = "exports"
TASK = "write_export"

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
    -- At most one row: the unique index allows no second one.
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


class TooManyExports(InputError):
    """Ten exports of the creator are already waiting or running."""

    names_no_person = True


@dataclass(frozen=True)
class Requester:
    """Who requested an export: an account, an API key by its name, or the command line. Shown with the export."""

    kind: Literal["creator", "staff", "api_key", "command_line"]
    name: str
    account_id: UUID | None = None


def requester(account: Account, creator_id: UUID) -> Requester:
    """The account as a requester. Staff may request for every creator; raises InputError for other creators."""
    if account.role == "staff":
        return Requester("staff", account.name, account.id)
    if account.creator_id != creator_id:
        raise InputError("This data belongs to another creator.")
    return Requester("creator", account.name, account.id)


def request_export(
    by: Requester, creator_id: UUID, export_type: str, export_format: str, filters: Mapping[str, Any]
) -> UUID:
    """Save the request and queue it; returns the export's id.

    A request identical to one that is waiting or running returns that export. Take the arguments from an
    `ExportRequest`, which has checked them. Raises FeatureAccessDenied, and InputError if ten are already waiting.
    """
    export_id = note_request(by, creator_id, export_type, export_format, filters)
    hand_over(creator_id, export_id)
    return export_id


def note_request(
    by: Requester, creator_id: UUID, export_type: str, export_format: str, filters: Mapping[str, Any]
) -> UUID:
    """Like `request_export`, for callers that run the export themselves; otherwise a worker will within a minute."""
    values = {"type": export_type, "format": export_format, "filters": json.dumps(filters)}
    with tenant_tx(creator_id) as connection:
        must_be_entitled(connection, creator_id)
        export_id = _same_or_new(connection, by, values | {"creator_id": creator_id})
        if by.kind == "staff":
            note(connection, creator_id, by.account_id, "export requested", str(export_id))
        return export_id


def cancel_export(by: Requester, creator_id: UUID, export_id: UUID) -> bool:
    """Cancel a waiting or running export; its worker stops within seconds without a file. False: it had ended."""
    with tenant_tx(creator_id) as connection:
        ended = connection.execute(CANCEL, {"creator_id": creator_id, "export_id": export_id}).rowcount == 1
        if ended and by.kind == "staff":
            note(connection, creator_id, by.account_id, "export cancelled", str(export_id))
        return ended


def hand_over(creator_id: UUID, export_id: UUID) -> bool:
    """Queue an export that is committed as pending; False if it is already queued."""
    arguments = {"creator_id": str(creator_id), "export_id": str(export_id)}
    return defer(TASK, queueing_lock=f"{TASK} {export_id}", queue=QUEUE, **arguments)


def must_be_entitled(connection: Connection, creator_id: UUID) -> None:
    """Raise FeatureAccessDenied unless the creator has the ENTERPRISE tier at this very moment."""
    must_open_the_dashboard(connection.execute(TIER, {"creator_id": creator_id}).scalar(), what="Exports are")


def _same_or_new(connection: Connection, by: Requester, values: dict[str, Any]) -> UUID:
    """Between looking for the same request and adding one, another may appear or end; then look again."""
    who = {"requested_as": by.kind, "requested_by": by.account_id, "requested_by_name": by.name}
    while True:
        same: UUID | None = connection.execute(SAME_REQUEST, values).scalar()
        if same:
            return same
        if connection.execute(UNFINISHED, values).scalar_one() >= MOST_AT_ONCE:
            raise TooManyExports(
                f"{MOST_AT_ONCE} exports are already waiting or running; wait for one to finish, or cancel one."
            )
        added: UUID | None = connection.execute(REQUEST, values | who).scalar()
        if added:
            return added
