"""Exports: request, follow, cancel, download."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from fastapi import Response
from fastapi.responses import JSONResponse, RedirectResponse

from actions.exports import cancel_export, request_export
from api.callers import Caller, CallerOf
from api.levels import WHERE_LISTED
from api.periods import asked_period
from api.problems import CONFLICT, NOT_FOUND, Problem, invalid, not_found, unknown
from api.routing import ExportingRoute, routes
from api.schemas.exports import Cancelled, ExportList, ExportOrder, ExportReady, ExportStatus
from api.schemas.problem import responses
from database.levels import at_level
from database.settings import settings
from queries.courses.known import courses
from queries.exports.known import Export, export
from queries.exports.known import exports as exports_of
from queries.exports.waiting import Waiting, reasons_for_waiting
from queries.overview.headline import OverviewStats, overview_stats
from queries.periods.period import BEFORE
from reports.at_course import asked_level
from reports.exports import ExportRequest, export_data
from reports.links import download_link
from rules.errors import InputError

ROWS_AT_ONCE = 2_000  # written in a fraction of a second; larger ones go to a worker
FORMATS_AT_ONCE = ("csv", "json", "xlsx")  # a PDF takes seconds and memory

AS_WRITTEN = {"columns", "separator", "decimal_mark", "encoding"}

exports = routes(ExportingRoute, "Exports")


@exports.post(
    "/export",
    response_model=ExportReady,
    responses={
        202: {"model": ExportStatus, "description": "Being written; follow `statusUrl`."},
        **responses(CONFLICT, NOT_FOUND),
    },
)
def order_export(caller: CallerOf, order: ExportOrder) -> Any:
    """Export data as a file: a small one immediately, a large one in the background."""
    wanted = _request(caller, order)
    with at_level(asked_level(caller.creator_id, *wanted.level)):
        _refuse_unknown_period(caller, wanted)
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
def export_status(caller: CallerOf, exportId: UUID) -> Any:  # from the address
    """The progress of an export, with a new link once it is completed."""
    return _described_alone(caller, _found(caller, exportId))


@exports.post("/exports/{exportId:uuid}/cancel", response_model=Cancelled)
def cancel(caller: CallerOf, exportId: UUID) -> Any:  # from the address
    """Cancel an export that is waiting or being written."""
    _found(caller, exportId)
    return {"cancelled": cancel_export(caller.as_asker, caller.creator_id, exportId)}


@exports.get(
    "/exports/{exportId:uuid}/download",
    status_code=303,
    response_class=Response,
    responses={303: {"description": "The signed link, which works without a key."}, **responses(CONFLICT)},
)
def fetch(caller: CallerOf, exportId: UUID) -> Response:  # from the address
    """Redirect to the file of a completed export."""
    found = _found(caller, exportId)
    if found.status != "completed":
        raise Problem(CONFLICT, f"The export is {found.status}; the file is available once it is completed.")
    return RedirectResponse(download_link(caller.creator_id, exportId).url, 303)


def _request(caller: Caller, order: ExportOrder) -> ExportRequest:
    given = order.filters.model_dump(mode="json", exclude_none=True)
    written = order.model_dump(include=AS_WRITTEN, exclude_none=True)
    try:
        ExportRequest.of(order.type, order.format, given)
    except InputError as error:
        raise invalid("filters", given, str(error)) from error
    try:
        wanted = ExportRequest.of(order.type, order.format, given | written)
    except InputError as error:
        raise Problem(CONFLICT, str(error)) from error  # each is valid, but not for this type and format
    course_id = order.course or _course_of_run(caller, order.run)
    try:
        asked_level(caller.creator_id, course_id, order.run)
    except InputError as error:
        field = "course" if order.run is None else "run"
        raise unknown(field, str(order.run or course_id), str(error)) from error
    return replace(wanted, course_id=course_id, run_id=order.run)


def _course_of_run(caller: Caller, run_id: UUID | None) -> UUID | None:
    """A run's id is enough, without its course's."""
    if run_id is None:
        return None
    for course in courses(caller.creator_id).courses:
        if run_id in {run.run_id for run in course.runs}:
            return course.course_id
    raise unknown("run", str(run_id), f"You have no run with this id; {WHERE_LISTED}")


def _refuse_unknown_period(caller: Caller, wanted: ExportRequest) -> None:
    """Refuse an invalid period now, and not when the export is written."""
    chosen = wanted.stored_filters()
    if "period" in chosen:
        asked_period(caller, chosen["period"], chosen.get("compare", BEFORE))


def _is_small(stats: OverviewStats, wanted: ExportRequest) -> bool:
    rows = {
        "students": stats.total_students,
        "progress": stats.videos_watched,
        "chat": stats.questions_asked,
        "analytics": 0,
        "quiz_results": stats.quiz_attempts,
        "videos": stats.total_videos,
        "finished": stats.total_students,
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
