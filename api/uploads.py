"""The parts of a video file, for whoever has the signed address of its upload."""

import hashlib
from asyncio import timeout
from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from starlette.requests import ClientDisconnect

from actions.upload_links import has_expired, is_upload_address
from actions.upload_parts import (
    NoSuchUpload,
    NotReceiving,
    complete_upload,
    note_part,
    upload_progress,
    wanted_part,
)
from api.problems import AWAY, BAD_REQUEST, CONFLICT, CROSS_ORIGIN, TOO_LARGE, Problem, not_found
from api.threads import in_api_thread
from database.settings import settings
from database.storage import is_folder, remove_file, store_arriving
from rules.errors import InputError
from rules.tiers import FeatureAccessDenied

# While a part arrives, 1 MB of it is in memory on its way to a folder, and 5 MB on its way to a bucket.
AT_ONCE_TO_FOLDER, AT_ONCE_TO_BUCKET = 24, 6
SILENT_SECONDS = 30.0  # of a browser in the middle of a part
SECONDS_UNTIL_NEXT_TRY = 2
EXPIRED = "The address of this upload has expired; reload the page and choose the file again."

uploads = APIRouter(prefix="/uploads/{creator_id}/{upload_id}", include_in_schema=False)
_arriving = 0


class Upload:
    """The upload of a signed address."""

    def __init__(self, creator_id: str, upload_id: str, request: Request) -> None:
        """Raises a Problem: the same 404 for every forged address, and its own for an expired one and another site."""
        query = request.query_params
        expires = query.get("expires", "")
        if not is_upload_address(creator_id, upload_id, expires, query.get("signature", "")):
            raise not_found()
        if request.method != "GET" and not _is_own_page(request):
            raise Problem(CROSS_ORIGIN, f"Files are only taken from pages of {settings().public_url}.")
        if has_expired(expires):
            raise Problem(CONFLICT, EXPIRED)
        self.creator_id, self.id = UUID(creator_id), UUID(upload_id)


Signed = Annotated[Upload, Depends(Upload)]


@uploads.get("")
async def progress(upload: Signed) -> dict[str, Any]:
    """How far the upload is, and which parts have arrived."""
    try:
        found = await in_api_thread(upload_progress, upload.creator_id, upload.id)
    except NoSuchUpload:
        raise not_found() from None
    return {
        "status": found.status,
        "partBytes": found.part_bytes,
        "fileBytes": found.file_bytes,
        "present": found.present,
        "error": found.error_message,
    }


@uploads.put("/parts/{number}")
async def part(upload: Signed, number: int, request: Request) -> Response:
    """One part, straight on to the storage; it is there as a whole or not at all."""
    try:
        wanted = await in_api_thread(wanted_part, upload.creator_id, upload.id, number)
        with _Place():
            arriving = _Arriving(request, wanted.size_bytes)
            await store_arriving(wanted.key, arriving.chunks())
    except ClientDisconnect:
        return Response(status_code=499)  # nobody reads it
    except NoSuchUpload:
        raise not_found() from None
    except NotReceiving as error:
        raise Problem(CONFLICT, str(error)) from error
    try:
        sha256 = arriving.sha256.hexdigest()
        await in_api_thread(note_part, upload.creator_id, upload.id, number, wanted.size_bytes, sha256)
    except NotReceiving as error:
        await in_api_thread(remove_file, wanted.key)
        raise Problem(CONFLICT, str(error)) from error
    return Response(status_code=204)


@uploads.post("/complete")
async def complete(upload: Signed) -> dict[str, str]:
    """All parts have been sent: a worker looks into the file."""
    try:
        await in_api_thread(complete_upload, upload.creator_id, upload.id)
    except NoSuchUpload:
        raise not_found() from None
    except FeatureAccessDenied:
        raise
    except InputError as error:
        raise Problem(CONFLICT, str(error)) from error
    return {"status": "received"}


class _Place:
    """A place among the parts that arrive at this process; without a free one the browser tries again."""

    def __enter__(self) -> None:
        global _arriving
        if _arriving >= (AT_ONCE_TO_FOLDER if is_folder() else AT_ONCE_TO_BUCKET):
            headers = {"Retry-After": str(SECONDS_UNTIL_NEXT_TRY)}
            raise Problem(AWAY, "Too many files arrive at the moment; try again.", headers=headers)
        _arriving += 1

    def __exit__(self, *_: object) -> None:
        global _arriving
        _arriving -= 1


class _Arriving:
    """The body of a request, of exactly the size that is wanted, hashed on its way."""

    def __init__(self, request: Request, size_bytes: int) -> None:
        self.sha256 = hashlib.sha256()
        self._request, self._size = request, size_bytes

    async def chunks(self) -> AsyncIterator[bytes]:
        left, stream = self._size, self._request.stream()
        while (chunk := await _next(stream)) is not None:
            left -= len(chunk)
            if left < 0:
                raise Problem(TOO_LARGE, f"This part has {self._size:,} bytes, and more were sent.")
            if chunk:
                self.sha256.update(chunk)
                yield chunk
        if left:
            raise Problem(BAD_REQUEST, f"This part has {self._size:,} bytes; {left:,} of them are missing.")


async def _next(stream: AsyncIterator[bytes]) -> bytes | None:
    try:
        async with timeout(SILENT_SECONDS):
            return await anext(stream, None)
    except TimeoutError:
        raise ClientDisconnect from None


def _is_own_page(request: Request) -> bool:
    """A browser says where a request comes from; a program need not."""
    origin = request.headers.get("origin")
    if origin is None:
        return True
    public = urlsplit(settings().public_url)
    return origin == f"{public.scheme}://{public.netloc}" or urlsplit(origin).netloc == request.headers.get("host")
