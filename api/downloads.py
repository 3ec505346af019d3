"""Finished exports, and everything about one student, as downloads for anyone who has a signed link."""

import json
from collections.abc import Mapping
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response, StreamingResponse

from database.storage import NoSuchFile, StoredFile, stored_file
from queries.exports.known import ExportFile, export_file, students_of_exports
from queries.students.handed_over import handed_over
from reports.exports import ExportRequest
from reports.links import is_valid_download, is_valid_hand_over
from rules.errors import InputError

MEDIA_TYPES = {
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}

downloads = APIRouter()


@downloads.get("/exports/{creator_id}/{export_id}/download", include_in_schema=False)
def download(creator_id: str, export_id: str, request: Request) -> StreamingResponse:
    """The file in chunks. Every error is the same 404, so that nobody learns what exists."""
    if not _is_valid(creator_id, export_id, request.query_params):
        raise HTTPException(404)
    described = export_file(UUID(creator_id), UUID(export_id))
    if described is None:
        raise HTTPException(404)
    stored = _stored(described)
    wanted = _wanted(described)
    name = _file_name(UUID(creator_id), described, wanted)
    return StreamingResponse(stored.chunks, media_type=_media_type(wanted), headers=_headers(described, name))


@downloads.get("/students/{creator_id}/{student_id}/everything", include_in_schema=False)
def everything(creator_id: str, student_id: str, request: Request) -> Response:
    """Everything about one student as JSON, as it is now. Every error is the same 404."""
    query = request.query_params
    if not is_valid_hand_over(creator_id, student_id, query.get("expires", ""), query.get("signature", "")):
        raise HTTPException(404)
    told = handed_over(UUID(creator_id), UUID(student_id))
    if told is None:
        raise HTTPException(404)
    content = json.dumps(told, indent=2, ensure_ascii=False).encode()
    return Response(content, media_type=MEDIA_TYPES["json"], headers=_file_headers(f"student-{student_id}.json"))


def _is_valid(creator_id: str, export_id: str, query: Mapping[str, str]) -> bool:
    return is_valid_download(creator_id, export_id, query.get("expires", ""), query.get("signature", ""))


def _stored(described: ExportFile) -> StoredFile:
    try:
        stored = stored_file(described.storage_key)
    except NoSuchFile:
        raise HTTPException(404) from None
    if stored.size_bytes != described.file_size_bytes:
        raise HTTPException(404)
    return stored


def _wanted(described: ExportFile) -> ExportRequest:
    """The request as far as this version still knows it: a finished file can always be fetched."""
    try:
        return ExportRequest.of(described.export_type, described.format, described.filters)
    except InputError:
        return ExportRequest.of(described.export_type, described.format)


def _media_type(wanted: ExportRequest) -> str:
    charset = f"; charset={wanted.style.encoding.removesuffix('-bom')}" if wanted.format == "csv" else ""
    return MEDIA_TYPES[wanted.format] + charset


def _headers(described: ExportFile, name: str) -> dict[str, str]:
    return _file_headers(name) | {"Content-Length": str(described.file_size_bytes)}


def _file_headers(name: str) -> dict[str, str]:
    """The name is ASCII without spaces and quotes, so that both forms of RFC 6266 can hold it."""
    return {
        "Content-Disposition": f"attachment; filename=\"{name}\"; filename*=UTF-8''{quote(name, safe='')}",
        "Cache-Control": "private, no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }


def _file_name(creator_id: UUID, described: ExportFile, wanted: ExportRequest) -> str:
    local = described.completed_at.astimezone(ZoneInfo(described.timezone))
    student = next(iter(students_of_exports(creator_id, [described]).values()), "")
    return wanted.file_name(described.creator_name, local, described.course, student)
