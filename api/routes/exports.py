"""Exports: asked for, followed, cancelled, fetched."""

from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from actions.exports import cancel_export, request_export
from api.callers import Caller, CallerOf
from api.problems import CONFLICT, Problem, invalid, not_found
from api.routing import ExportingRoute, routes
from api.schemas.exports import Cancelled, ExportList, ExportOrder, ExportReady, ExportStatus
from api.schemas.problem import responses
from database.errors import InputError
from database.settings import settings
from queries.export_waiting import Waiting, reasons_for_waiting
from queries.exports import Export, export
from queries.exports import exports as exports_of
from queries.overview import OverviewStats, overview_stats
from reports.exports import ExportRequest, export_data
from reports.links import download_link

ROWS_AT_ONCE = 2_000  # written in a fraction of a second; more is a worker's
FORMATS_AT_ONCE = ("csv", "json", "xlsx")  # a PDF is drawn, which takes seconds and memory

exports = routes(ExportingRoute, "Exports")


@exports.post(
    "/export",
    response_model=ExportReady,
    responses={
        202: {"model": ExportStatus, "description": "Being written; follow `statusUrl`."},
        **responses(CONFLICT),
    },
)
def order_export(caller: CallerOf, order: ExportOrder) -> Any:
    """Export data as a file: a small one at once, a large one in the background."""
    wanted = _request(order)
    if _is_small(overview_stats(caller.creator_id), wanted):
        return _written(caller, wanted)
    export_id = request_export(caller.as_asker, caller.creator_id, wanted.type, wanted.format, wanted.stored_filters())
    status = ExportStatus.model_validate(_described_alone(caller, _found(caller, export_id)))
    return JSONResponse(status.model_dump(mode="json"), 202, {"Location": status.status_url})


@exports.get("/exports", response_model=ExportList)
def export_list(caller: CallerOf) -> Any:
    """The latest exports, newest first."""
    found = exports_of(caller.creator_id)
    waiting = reasons_for_waiting(found)
    return {"exports": [_described(caller, one, waiting.get(one.id)) for one in found]}


@exports.get("/exports/{exportId:uuid}", response_model=ExportStatus)
def export_status(caller: CallerOf, exportId: UUID) -> Any:  # as the address says
    """How far an export is; with a fresh link once it is completed."""
    return _described_alone(caller, _found(caller, exportId))


@exports.post("/exports/{exportId:uuid}/cancel", response_model=Cancelled)
def cancel(caller: CallerOf, exportId: UUID) -> Any:  # as the address says
    """End an export that waits or is being written."""
    _found(caller, exportId)
    return {"cancelled": cancel_export(caller.as_asker, caller.creator_id, exportId)}


@exports.get(
    "/exports/{exportId:uuid}/download",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "The signed link, which works without a key."}, **responses(CONFLICT)},
)
def fetch(caller: CallerOf, exportId: UUID) -> Response:  # as the address says
    """The way to the file of a completed export."""
    found = _found(caller, exportId)
    if found.status != "completed":
        raise Problem(CONFLICT, f"The export is {found.status}; there is a file once it is completed.")
    return RedirectResponse(download_link(caller.creator_id, exportId).url, 303)


def _request(order: ExportOrder) -> ExportRequest:
    given = order.filters.model_dump(mode="json", exclude_none=True)
    try:
        return ExportRequest.of(order.type, order.format, given)
    except InputError as error:
        raise invalid("filters", given, str(error)) from error


def _is_small(stats: OverviewStats, wanted: ExportRequest) -> bool:
    rows = {
        "students": stats.total_students,
        "progress": stats.videos_watched,
        "chat": stats.questions_asked,
        "analytics": 0,
        "quiz_results": stats.quiz_attempts,
        "videos": stats.total_videos,
    }
    return wanted.format in FORMATS_AT_ONCE and rows[wanted.type] <= ROWS_AT_ONCE


def _written(caller: Caller, wanted: ExportRequest) -> dict[str, Any]:
    result = export_data(caller.creator_id, wanted, caller.as_asker)
    if not result.success:
        raise Problem(CONFLICT, result.error_message or "The export was cancelled.")
    return {
        "success": True,
        "download_url": result.download_url,
        "file_size": result.file_size,
        "expires_at": result.expires_at,
    }


def _found(caller: Caller, export_id: UUID) -> Export:
    found = export(caller.creator_id, export_id)
    if found is None:
        raise not_found()
    return found


def _described_alone(caller: Caller, found: Export) -> dict[str, Any]:
    return _described(caller, found, reasons_for_waiting([found]).get(found.id))


def _described(caller: Caller, found: Export, waiting: Waiting | None) -> dict[str, Any]:
    told = {name: getattr(found, name) for name in ExportStatus.model_fields if hasattr(found, name)}
    told["waiting_for"] = waiting and waiting.reason
    told["status_url"] = f"{settings().public_url}/api/creator/exports/{found.id}"
    if found.status == "completed":
        link = download_link(caller.creator_id, found.id)
        told |= {"download_url": link.url, "expires_at": link.expires_at}
    return told
