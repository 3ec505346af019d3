"""The headers that every answer of xAPI has, whatever it is: its version, and which pages may read it."""

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

VERSION = "X-Experience-API-Version"
CONSISTENT = "X-Experience-API-Consistent-Through"
VERSIONS = ("1.0.3", "2.0.0")
USUAL_VERSION = VERSIONS[0]  # of the players that send none
ALLOWED = "Authorization, Content-Type, X-Experience-API-Version, If-Match, If-None-Match"
EXPOSED = f"ETag, {VERSION}, {CONSISTENT}, Last-Modified"
METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
PREFLIGHT_SECONDS = 7_200
BELOW = "/xapi/"


class XapiHeaders:
    """Middleware around everything else: also around what answers when a route has failed."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        below = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        if not below.startswith(BELOW):
            await self.app(scope, receive, send)
            return
        state = scope.setdefault("state", {})
        state["xapi_version"] = answered_version(Headers(scope=scope).get(VERSION))

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add(MutableHeaders(scope=message), state)
            await send(message)

        await self.app(scope, receive, with_headers)


def answered_version(asked: str | None) -> str:
    """The version in which a request is answered."""
    return VERSIONS[1] if asked and asked.strip().startswith("2") else USUAL_VERSION


def is_known_version(asked: str | None) -> bool:
    """Whether it is 1.0, 2.0, or one of their patches."""
    parts = (asked or "").strip().split(".")
    is_numbered = all(part.isdecimal() and len(part) < 4 for part in parts)
    return is_numbered and len(parts) in (2, 3) and parts[:2] in (["1", "0"], ["2", "0"])


def _add(headers: MutableHeaders, state: dict[str, str]) -> None:
    headers.setdefault(VERSION, state["xapi_version"])
    if through := state.get("xapi_consistent"):
        headers[CONSISTENT] = through
    if origin := state.get("xapi_origin"):
        headers["Access-Control-Allow-Origin"] = origin
        headers["Access-Control-Expose-Headers"] = EXPOSED
    headers.add_vary_header("Origin")
