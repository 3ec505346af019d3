"""The frame around every request: its id, its log line, its measurements, and an answer whatever happens."""

import json
import logging
import re
import secrets
import sys
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import Any

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.problems import broken

GIVEN_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
MOST_BODY_BYTES = 1_000_000
UNKNOWN_ROUTE = "unknown"

logger = logging.getLogger("api")
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)

Measure = Callable[[str, str, int, float], None]


class Frame:
    """Outermost: gives each request an id, and writes one line about it that holds no personal data."""

    def __init__(self, app: ASGIApp, measure: Measure) -> None:
        self.app = app
        self.measure = measure

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        one = _Exchange(scope, send)
        token = request_id.set(one.id)
        try:
            await self.app(scope, _limited(receive), one.send)
        except Exception:
            logger.exception("a request failed")
            if one.status == 0:
                await broken()(scope, receive, one.send)
        finally:
            self._note(scope, one)
            request_id.reset(token)

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
    """One request while it is answered."""

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


class JsonLines(logging.Formatter):
    """A log line as one JSON object, with the id of the request that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "event": record.getMessage(),
            "requestId": request_id.get(),
            **getattr(record, "details", {}),
        }
        if record.exc_info:
            line["exception"] = _places(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def log_as_json() -> None:
    """Send what the API logs to standard error as JSON lines; uvicorn's own lines hold query strings and are off."""
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False


def _places(exc_info: Any) -> list[str]:
    """Which exception and where; not its message, which may hold what a student wrote."""
    kind, _, trace = exc_info
    places = []
    while trace:
        places.append(f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}")
        trace = trace.tb_next
    return [kind.__name__, *places[-8:]]


def _limited(receive: Receive) -> Receive:
    received = 0

    async def receive_limited() -> Message:
        nonlocal received
        message = await receive()
        received += len(message.get("body", b""))
        if received > MOST_BODY_BYTES:
            raise HTTPException(413, f"A request has at most {MOST_BODY_BYTES:,} bytes.")
        return message

    return receive_limited
