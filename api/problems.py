"""The errors of the API: problem+json (RFC 9457) with stable codes."""

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

from actions.exports import TooManyExports
from actions.videos import NoSuchVideo
from database.seldom import SeldomTold
from database.storage import StorageError
from rules.errors import FiguresBeingBuilt, InputError, SetupError
from rules.tiers import FeatureAccessDenied

E = TypeVar("E", bound=Exception)

MEDIA_TYPE = "application/problem+json"
SECONDS_UNTIL_BACK = 5
SECONDS_UNTIL_BUILT = 30
VALUE_CHARACTERS = 200

logger = logging.getLogger("api")
TROUBLE = SeldomTold(logger)


@dataclass(frozen=True)
class Kind:
    """A kind of problem: a code that never changes, and a title for people."""

    status: int
    code: str
    title: str


MISSING_KEY = Kind(401, "missing_key", "No key given")
UNKNOWN_KEY = Kind(401, "unknown_key", "Unknown key")
REVOKED_KEY = Kind(401, "revoked_key", "Revoked key")
WRONG_TOKEN = Kind(401, "wrong_token", "The student token is not valid")
EXPIRED_TOKEN = Kind(401, "expired_token", "The student token has expired")
ACCESS_DENIED = Kind(403, "feature_access_denied", "Feature Access Denied")
WRONG_SCOPE = Kind(403, "wrong_scope", "The key may not do this")
STAFF_ONLY_READ = Kind(403, "staff_only_read", "Read-only for staff")
CROSS_ORIGIN = Kind(403, "cross_origin", "The request comes from another site")
BAD_REQUEST = Kind(400, "bad_request", "The request cannot be read")
NOT_FOUND = Kind(404, "not_found", "Not found")
METHOD_NOT_ALLOWED = Kind(405, "method_not_allowed", "Method not allowed")
CONFLICT = Kind(409, "conflict", "This cannot be done now")
PRECONDITION = Kind(412, "precondition_failed", "It is not what the request expects")
TOO_LARGE = Kind(413, "too_large", "The request is too large")
INVALID = Kind(422, "invalid_request", "The request is not valid")
TOO_MANY = Kind(429, "too_many_requests", "Too many requests")
BROKEN = Kind(500, "internal_error", "Internal error")
AWAY = Kind(503, "unavailable", "The dashboard is not available")

KINDS = (
    BAD_REQUEST,
    MISSING_KEY,
    UNKNOWN_KEY,
    REVOKED_KEY,
    WRONG_TOKEN,
    EXPIRED_TOKEN,
    ACCESS_DENIED,
    WRONG_SCOPE,
    STAFF_ONLY_READ,
    CROSS_ORIGIN,
    NOT_FOUND,
    METHOD_NOT_ALLOWED,
    CONFLICT,
    PRECONDITION,
    TOO_LARGE,
    INVALID,
    TOO_MANY,
    BROKEN,
    AWAY,
)
OF_STATUS = {400: BAD_REQUEST, 404: NOT_FOUND, 405: METHOD_NOT_ALLOWED, 413: TOO_LARGE}
NOTHING_HERE = "It does not exist, or is not yours. Check the address and the id."
LOST = (OperationalError, InterfaceError, PoolTimeout)


@dataclass(eq=False)  # not frozen: Python sets the traceback on an exception
class Problem(Exception):
    """An error response; can be raised anywhere in a route."""

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
    """The same text for data that does not exist and for another creator's."""
    return Problem(NOT_FOUND, NOTHING_HERE)


def unknown(name: str, value: object, message: str) -> Problem:
    """A field or parameter that refers to something that does not exist or belongs to another creator."""
    return Problem(NOT_FOUND, f"{name}: {message}", (_field(name, value, message),))


def invalid(name: str, value: object, message: str) -> Problem:
    """An invalid field: its name, its value, and what is allowed."""
    return invalid_fields([(name, value, message)])


def invalid_fields(found: Sequence[tuple[str, object, str]]) -> Problem:
    """Invalid fields, at least one: name, value, and what is allowed."""
    return _invalid([_field(*one) for one in found])


def _field(name: str, value: object, message: str) -> dict[str, Any]:
    return {"field": _short(name), "value": _short(value), "message": message}


def _invalid(errors: Sequence[Mapping[str, Any]]) -> Problem:
    return Problem(INVALID, f"{errors[0]['field']}: {errors[0]['message']}", tuple(errors))


def answer_problems(app: FastAPI) -> None:
    """Turn every exception from a route into a response."""
    app.add_exception_handler(Problem, lambda _request, error: _as(error, Problem).answer())
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(NoSuchVideo, lambda _request, _error: not_found().answer())
    app.add_exception_handler(FeatureAccessDenied, lambda _request, error: Problem(ACCESS_DENIED, str(error)).answer())
    app.add_exception_handler(TooManyExports, lambda _request, error: Problem(CONFLICT, str(error)).answer())
    app.add_exception_handler(InputError, lambda _request, error: Problem(INVALID, str(error)).answer())
    app.add_exception_handler(FiguresBeingBuilt, _being_built)
    for kind in (DBAPIError, PoolTimeout, SetupError, StorageError):
        app.add_exception_handler(kind, _away)


def broken() -> Response:
    """For an internal error; the details are in the log, under the request's id."""
    return Problem(
        BROKEN, "The error was recorded. Try again, and send the X-Request-ID to support if it persists."
    ).answer()


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
    """An address may have several routes; the framework only lists the methods of the first."""
    # Starlette matches routes against this path; there is no public way to get the part below a mount.
    path = get_route_path(request.scope)
    fitting = [route for route in every_route(request.app.routes) if route.path_regex.match(path)]
    allowed = ", ".join(sorted({method for route in fitting for method in route.methods or ()}))
    detail = f"{request.method} cannot be used here; choose one of {allowed}."
    return Problem(METHOD_NOT_ALLOWED, detail, headers={"Allow": allowed}).answer()


def every_route(routes: Iterable[Any]) -> Iterator[APIRoute]:
    """The routes of an application, including those of its routers."""
    for route in routes:
        if isinstance(route, APIRoute):
            yield route
        elif hasattr(route, "original_router"):
            yield from every_route(route.original_router.routes)


async def _away(_request: Request, error: Exception) -> Response:
    return away(error)


def away(error: Exception) -> Response:
    """For a database or storage that does not respond. Raises errors that say something else again."""
    if isinstance(error, DBAPIError) and not isinstance(error, LOST) and not error.connection_invalidated:
        raise error
    TROUBLE.met(f"unavailable: {type(error).__name__}")
    detail = f"The database or storage did not respond in time. Try again in {SECONDS_UNTIL_BACK} seconds."
    return Problem(AWAY, detail, headers={"Retry-After": str(SECONDS_UNTIL_BACK)}).answer()


def _short(value: object) -> Any:
    if value is None or isinstance(value, bool | int | float):
        return value if value == value and value not in (float("inf"), float("-inf")) else str(value)
    text = str(value).encode("utf-8", "replace").decode()
    return text if len(text) <= VALUE_CHARACTERS else text[:VALUE_CHARACTERS] + "…"


def _as(error: Exception, kind: type[E]) -> E:
    assert isinstance(error, kind)  # noqa: S101  # the handler is registered for this kind
    return error
