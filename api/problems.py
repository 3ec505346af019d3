"""What the API says when it cannot do what was asked: problem+json (RFC 9457) with a stable code."""

import logging
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette._utils import get_route_path
from starlette.exceptions import HTTPException

from actions.exports import TierEnded, TooManyExports
from actions.videos import NoSuchVideo
from database.errors import FiguresBeingBuilt, InputError, SetupError
from database.seldom import SeldomTold
from database.storage import StorageError

E = TypeVar("E", bound=Exception)

MEDIA_TYPE = "application/problem+json"
SECONDS_UNTIL_BACK = 5
SECONDS_UNTIL_BUILT = 30
VALUE_CHARACTERS = 200

logger = logging.getLogger("api")
TROUBLE = SeldomTold(logger)


@dataclass(frozen=True)
class Kind:
    """A kind of problem: its code never changes, its title says it to people."""

    status: int
    code: str
    title: str


MISSING_KEY = Kind(401, "missing_key", "No key was given")
UNKNOWN_KEY = Kind(401, "unknown_key", "The key is not known")
REVOKED_KEY = Kind(401, "revoked_key", "The key was revoked")
ACCESS_DENIED = Kind(403, "feature_access_denied", "Feature Access Denied")
WRONG_SCOPE = Kind(403, "wrong_scope", "The key may not do this")
STAFF_ONLY_READ = Kind(403, "staff_only_read", "Staff only read")
CROSS_ORIGIN = Kind(403, "cross_origin", "The request comes from another site")
BAD_REQUEST = Kind(400, "bad_request", "The request cannot be read")
NOT_FOUND = Kind(404, "not_found", "There is nothing here")
METHOD_NOT_ALLOWED = Kind(405, "method_not_allowed", "This address does not take this method")
CONFLICT = Kind(409, "conflict", "This cannot be done now")
TOO_LARGE = Kind(413, "too_large", "The request is too large")
INVALID = Kind(422, "invalid_request", "Something in the request cannot be used")
TOO_MANY = Kind(429, "too_many_requests", "Too many requests")
BROKEN = Kind(500, "internal_error", "The server made a mistake")
AWAY = Kind(503, "unavailable", "The dashboard is not available")

KINDS = (
    BAD_REQUEST,
    MISSING_KEY,
    UNKNOWN_KEY,
    REVOKED_KEY,
    ACCESS_DENIED,
    WRONG_SCOPE,
    STAFF_ONLY_READ,
    CROSS_ORIGIN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    CONFLICT,
    TOO_LARGE,
    INVALID,
    TOO_MANY,
    BROKEN,
    AWAY,
)
OF_STATUS = {400: BAD_REQUEST, 404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 413: TOO_LARGE}
NOTHING_HERE = "It does not exist, or is not yours. Check the address and the id."
LOST = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(eq=False)  # not frozen: an exception is given its traceback
class Problem(Exception):
    """An answer that is a problem; raised wherever it is found."""

    kind: Kind
    detail: str
    errors: tuple[Mapping[str, Any], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self) -> JSONResponse:
        said: dict[str, Any] = {
            "type": f"/api/docs#{self.kind.code}",
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "code": self.kind.code,
        }
        if self.errors:
            said["errors"] = list(self.errors)
        return JSONResponse(said, self.kind.status, dict(self.headers), MEDIA_TYPE)


def not_found() -> Problem:
    """The same words for what does not exist and for what is another creator's."""
    return Problem(NOT_FOUND, NOTHING_HERE)


def invalid(name: str, value: object, message: str) -> Problem:
    """A field that cannot be used: which, with which value, and what would do."""
    return invalid_fields([(name, value, message)])


def invalid_fields(found: Sequence[tuple[str, object, str]]) -> Problem:
    """Fields that cannot be used, at least one: name, value, and what would do."""
    errors = [{"field": _short(name), "value": _short(value), "message": message} for name, value, message in found]
    return _invalid(errors)


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    return Problem(INVALID, f"{errors[0]['field']}: {errors[0]['message']}", tuple(errors))


def answer_problems(app: FastAPI) -> None:
    """Give every exception that leaves a route its answer."""
    app.add_exception_handler(Problem, lambda _request, error: _as(error, Problem).answer())
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NoSuchVideo, lambda _request, _error: not_found().answer())
    app.add_exception_handler(TierEnded, lambda _request, error: Problem(ACCESS_DENIED, str(error)).answer())
    app.add_exception_handler(TooManyExports, lambda _request, error: Problem(CONFLICT, str(error)).answer())
    app.add_exception_handler(InputError, lambda _request, error: Problem(INVALID, str(error)).answer())
    app.add_exception_handler(FiguresBeingBuilt, _being_built)
    for kind in (DBAPIError, PoolTimeout, SetupError, StorageError):
        app.add_exception_handler(kind, _away)


def broken() -> Response:
    """For a mistake of ours; what it was is in the log, under the request's id."""
    return Problem(BROKEN, "It was noted. Try again, and give the X-Request-ID to support if it stays.").answer()


async def _being_built(_request: Request, error: Exception) -> Response:
    return Problem(AWAY, str(error), headers={"Retry-After": str(SECONDS_UNTIL_BUILT)}).answer()


async def _invalid_request(_request: Request, error: Exception) -> Response:
    return _invalid([_field_error(found) for found in _as(error, RequestValidationError).errors()]).answer()


def _field_error(found: Mapping[str, Any]) -> dict[str, Any]:
    place = [str(part) for part in found["loc"] if part not in ("query", "path", "body", "header")]
    return {"field": ".".join(place) or "body", "value": _short(found.get("input")), "message": found["msg"]}


async def _http(request: Request, error: Exception) -> Response:
    refused = _as(error, HTTPException)
    if refused.status_code == 405:
        return _wrong_method(request)
    kind = OF_STATUS.get(refused.status_code)
    if kind is NOT_FOUND:
        return not_found().answer()
    if kind is None:
        kind = INVALID if refused.status_code < 500 else BROKEN
    return Problem(kind, str(refused.detail), headers=refused.headers or {}).answer()


def _wrong_method(request: Request) -> Response:
    """Which methods the address takes is spread over several routes; the framework names those of the first."""
    path = get_route_path(request.scope)
    fitting = [route for route in every_route(request.app.routes) if route.path_regex.match(path)]
    allowed = ", ".join(sorted({method for route in fitting for method in route.methods or ()}))
    detail = f"{request.method} cannot be used here; choose one of {allowed}."
    return Problem(METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed}).answer()


def every_route(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """The routes of an application, those of the routers that it includes too."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from every_route(route.original_router.routes)


async def _away(_request: Request, error: Exception) -> Response:
    if isinstance(error, DBAPIError) and not isinstance(error, LOST) and not error.connection_invalidated:
        raise error
    TROUBLE.met(f"unavailable: {type(error).__name__}")
    detail = f"The database or storage does not answer in time. Try again in {SECONDS_UNTIL_BACK} seconds."
    return Problem(AWAY, detail, headers={"Retry-After": str(SECONDS_UNTIL_BACK)}).answer()


def _short(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value if value == value and value not in (float("inf"), float("-inf")) else str(value)
    text = str(value).encode("utf-8", "replace").decode()
    return text if len(text) <= VALUE_CHARACTERS else text[:VALUE_CHARACTERS] + "…"


def _as(error: Exception, kind: type[E]) -> E:
    assert isinstance(error, kind)  # noqa: S101  # the handler is registered for this kind
    return error
