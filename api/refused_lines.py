"""The lines of a file that were refused, as CSV, for anyone who has the signed link."""

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import Response

from database.storage import NoSuchFile, stored_bytes, stored_size
from queries.imports.refused import refused_of
from reports.links import is_valid_refused_lines
from sources.importing import errors_csv
from sources.landing.register import errors

LARGEST = 32 * 1024**2

refused_lines = APIRouter()


@refused_lines.get("/imports/{creator_id}/{file_import_id}/refused", include_in_schema=False)
def refused(creator_id: str, file_import_id: str, request: Request) -> Response:
    """Line, column, value and rule of each. Every error is the same 404, so that nobody learns what exists."""
    query = request.query_params
    if not is_valid_refused_lines(creator_id, file_import_id, query.get("expires", ""), query.get("signature", "")):
        raise HTTPException(404)
    found = refused_of(UUID(creator_id), UUID(file_import_id))
    if found is None:
        raise HTTPException(404)
    content = errors_csv(errors(UUID(creator_id), found.import_id)) if found.import_id else _stored(found.errors_key)
    headers = {"Content-Disposition": 'attachment; filename="refused-lines.csv"', "Cache-Control": "no-store"}
    return Response(content, media_type="text/csv; charset=utf-8", headers=headers)


def _stored(key: str | None) -> bytes:
    try:
        if key is None or stored_size(key) > LARGEST:
            raise HTTPException(404)
        return stored_bytes(key)
    except NoSuchFile:
        raise HTTPException(404) from None
