"""The finished reports of a run as a zip, for staff with a signed link."""

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse

from actions.report_runs import note_download
from database.accounts import NotStaff
from database.clock import now
from queries.exports.report_runs import RunReport, run_reports
from reports.links import is_valid_run_download
from reports.report_zip import zipped

report_downloads = APIRouter()


@report_downloads.get("/reports/{run_id}/{staff_id}/download", include_in_schema=False)
def download(run_id: str, staff_id: str, request: Request) -> StreamingResponse:
    """The zip, streamed while it is built. Every error is the same 404, so that nobody learns what exists."""
    query = request.query_params
    if not is_valid_run_download(run_id, staff_id, query.get("expires", ""), query.get("signature", "")):
        raise HTTPException(404)
    reports = _reports(UUID(staff_id), UUID(run_id))
    if not any(report.is_completed for report in reports):
        raise HTTPException(404)
    note_download(UUID(staff_id), UUID(run_id))
    return StreamingResponse(zipped(reports, now()), media_type="application/zip", headers=_headers())


def _reports(staff_id: UUID, run_id: UUID) -> list[RunReport]:
    try:
        return run_reports(staff_id, run_id)
    except NotStaff:
        raise HTTPException(404) from None


def _headers() -> dict[str, str]:
    return {
        "Content-Disposition": f'attachment; filename="reports-{now():%Y-%m-%d}.zip"',
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
