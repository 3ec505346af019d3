"""The picture of a video, for whoever has its signed address."""

from uuid import UUID

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import StreamingResponse

from actions.upload_links import is_poster_address
from database.storage import NoSuchFile, stored_file
from queries.videos.uploads import video_file

posters = APIRouter()


@posters.get("/posters/{creator_id}/{video_id}", include_in_schema=False)
def poster(creator_id: str, video_id: str, request: Request) -> StreamingResponse:
    """A JPEG. Every error is the same 404, so that nobody learns what exists."""
    query = request.query_params
    if not is_poster_address(creator_id, video_id, query.get("expires", ""), query.get("signature", "")):
        raise HTTPException(404)
    found = video_file(UUID(creator_id), UUID(video_id))
    if found is None or found.poster_key is None:
        raise HTTPException(404)
    try:
        stored = stored_file(found.poster_key)
    except NoSuchFile:
        raise HTTPException(404) from None
    headers = {"Content-Length": str(stored.size_bytes), "Cache-Control": "private, max-age=600"}
    return StreamingResponse(stored.chunks, media_type="image/jpeg", headers=headers)
