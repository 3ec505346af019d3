"""Bodies of batches: never more in memory than a batch may have, however well it was compressed."""

import zlib
from asyncio import timeout

from fastapi import Request

from api.problems import BAD_REQUEST, TOO_LARGE, Problem

MOST_BYTES = 500_000  # after decompression, and before
SECONDS = 20.0  # for the whole body
AT_ONCE = 64 * 1024
GZIP = 16 + zlib.MAX_WBITS
TOO_LONG = f"A batch may have at most {MOST_BYTES:,} bytes, decompressed; send fewer events at once."


async def body_of(request: Request) -> bytes:
    """The body, decompressed. Raises a Problem: 413 for one that is too large, 400 for one that cannot be read."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding not in ("identity", "gzip"):
        raise Problem(BAD_REQUEST, f'The encoding "{encoding[:40]}" is not known here; send gzip or none.')
    size = request.headers.get("content-length", "")
    if size.isdecimal() and int(size[:20]) > MOST_BYTES:  # told before anything is read
        raise Problem(TOO_LARGE, TOO_LONG)
    received = await _received(request)
    return inflated(received) if encoding == "gzip" else received


def inflated(packed: bytes) -> bytes:
    """The content of a gzip file of one member. Stops at the limit, so that a small bomb stays small."""
    reader = zlib.decompressobj(GZIP)
    found = bytearray()
    left = packed
    try:
        while not reader.eof and (chunk := reader.decompress(left, AT_ONCE)):
            found += chunk
            if len(found) > MOST_BYTES:
                raise Problem(TOO_LARGE, TOO_LONG)
            left = reader.unconsumed_tail
    except zlib.error:
        raise Problem(BAD_REQUEST, "The body is not valid gzip.") from None
    if not reader.eof or reader.unused_data:
        raise Problem(BAD_REQUEST, "The body is not one complete gzip file.")
    return bytes(found)


async def _received(request: Request) -> bytes:
    received = bytearray()
    try:
        async with timeout(SECONDS):
            async for chunk in request.stream():
                received += chunk
                if len(received) > MOST_BYTES:
                    raise Problem(TOO_LARGE, TOO_LONG)
    except TimeoutError:
        raise Problem(BAD_REQUEST, f"The body did not arrive within {SECONDS:.0f} seconds.") from None
    return bytes(received)
