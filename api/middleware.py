"""Middleware for every request: its id, its log line, its metrics, and a response whatever happens."""

import logging
import re
import secrets
import time
from collections.abc import Callable

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import broken
from database.logs import noting
from rules.uploads import PART_BYTES

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
MOST_BODY_BYTES = 1_000_000
PART_OF_UPLOAD = re.compile(r"/uploads/[^/]+/[^/]+/parts/\d+$")  # read as it arrives, and never held whole
BATCH = re.compile(r"/xapi/statements/?$")
MOST_BATCH_BYTES = 5_000_000  # of statements, with their attachments
UNKNOWN_ROUTE = "unknown"

logger = logging.getLogger("api")

Measure = Callable[[str, str, int, float], None]


class RequestMiddleware:
    """The outermost middleware: gives each request an id and logs one line about it without personal data."""

    def __init__(self, app: ASGIApp, measure: Measure) -> None:
        self.app = app
        self.measure = measure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        one = _Exchange(scope, send)
        with noting(requestId=one.id):
            try:
                await self.app(scope, _limited(receive, _most_bytes(scope)), one.send)
            except Exception:
                logger.exception("a request failed")
                if one.status == 0:
                    await broken()(scope, receive, one.send)
            finally:
                self._note(scope, one)

    def _note(self, scope: Scope, one: "_Exchange") -> None:
        seconds = time.perf_counter() - one.began
        route = getattr(scope.get("route"), "path", UNKNOWN_ROUTE)  # as declared: without ids
        self.measure(scope["method"], route, one.status, seconds)
        caller = scope.get("state", {}).get("caller")
        details = {
            "method": scope["method"],
            "route": route,
            "status": one.status,
            "milliseconds": round(1000 * seconds, 2),
            "creator": str(caller.creator_id) if caller else None,
            "caller": str(caller.author.id) if caller else None,
        }
        logger.info("request", extra={"details": details})


class _Exchange:
    """A request while it is being handled."""

    def __init__(self, scope: Scope, send: Send) -> None:
        given = Headers(scope=scope).get("x-request-id", "")
        self.id = given if GIVEN_ID.fullmatch(given) else secrets.token_hex(16)
        self.began = time.perf_counter()
        self.status = 0
        self._send = send

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            headers["X-Request-ID"] = self.id
            headers["X-Content-Type-Options"] = "nosniff"
            headers["Server-Timing"] = f"app;dur={1000 * (time.perf_counter() - self.began):.2f}"
            headers.setdefault("Cache-Control", "private, no-store")
            headers.add_vary_header("Authorization, Cookie")
        await self._send(message)


def _most_bytes(scope: Scope) -> int:
    if scope["method"] == "PUT" and PART_OF_UPLOAD.search(scope["path"]):
        return PART_BYTES
    return MOST_BATCH_BYTES if BATCH.search(scope["path"]) else MOST_BODY_BYTES


def _limited(receive: Receive, most: int) -> Receive:
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > most:
            raise HTTPException(413, f"A request may have at most {most:,} bytes.")
        return message

    return receive_limited
