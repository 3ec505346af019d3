"""The parameters of an address: unknown or repeated ones are refused.

If they were ignored, a typing mistake in a filter would return everybody.
"""

import json
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from difflib import get_close_matches
from typing import Any

from fastapi import Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from starlette.requests import ClientDisconnect

from api.problems import invalid, invalid_fields

Answer = Callable[[Request], Awaitable[Response]]

MOST_NAMED = 20  # reported errors per request
LONGEST_COMPARED = 100  # characters
NO_BODY = (b"", b"{}", b"null")


class StrictRoute(APIRoute):
    """A route that accepts only what it describes."""

    def get_route_handler(self) -> Answer:  # type: ignore[override]
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            await refuse_unknown(request, self)
            return await work(request)

        return answer


async def refuse_unknown(request: Request, route: APIRoute) -> None:
    """Raise a Problem that names unknown parameters, with the closest known one, and repeated ones."""
    known = parameter_names(route.dependant)
    given = request.query_params.multi_items()
    if given:
        refuse_parameters(given, known)
    if not _has_body(request):
        return
    body = b""
    with suppress(ClientDisconnect):  # nobody waits for the answer
        body = await request.body()
    if route.body_field:
        _refuse_repeated_fields(body)
    elif body.strip() not in NO_BODY:
        raise invalid("body", body.decode("utf-8", "replace"), "This address takes no body; remove it.")


# FastAPI generates its documentation from this; there is no other list of parameters.
def parameter_names(dependant: Dependant) -> frozenset[str]:
    """The names of the query parameters, including those of all dependencies."""
    own = {field.alias for field in dependant.query_params}
    return frozenset(own.union(*(parameter_names(needed) for needed in dependant.dependencies)))


def refuse_parameters(given: list[tuple[str, str]], known: frozenset[str]) -> None:
    """Raise a Problem for parameters that are not among the known ones, and for repeated ones."""
    times = Counter(name for name, _ in given)
    wrong = [name for name in times if name not in known or times[name] > 1][:MOST_NAMED]
    if wrong:
        values = dict(given)
        raise invalid_fields([(name, values[name], _why_not(name, times[name], known)) for name in wrong])


def _why_not(name: str, times: int, known: frozenset[str]) -> str:
    if name in known:
        return _given_often(times)
    if not known:
        return "Unknown parameter; this address takes none."
    return f'Unknown parameter; did you mean "{_nearest(name, known)}"? It takes {", ".join(sorted(known))}.'


def _given_often(times: int) -> str:
    return f"It is given {times} times; give it once."


def _nearest(name: str, known: frozenset[str]) -> str:
    spelt = {_plain(other): other for other in sorted(known)}
    (nearest,) = get_close_matches(_plain(name[:LONGEST_COMPARED]), spelt, n=1, cutoff=0)
    return spelt[nearest]


def _plain(name: str) -> str:
    """Makes last_active, last-active and lastActive equal."""
    return name.replace("_", "").replace("-", "").casefold()


def _has_body(request: Request) -> bool:
    return request.headers.get("content-length", "0") != "0" or "transfer-encoding" in request.headers


def _refuse_repeated_fields(body: bytes) -> None:
    with suppress(ValueError, RecursionError):  # not JSON: the route reports it
        json.loads(body, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise invalid_fields(list(_repeated(pairs)))
    return found


def _repeated(pairs: list[tuple[str, Any]]) -> Iterator[tuple[str, object, str]]:
    last = dict(pairs)
    for name, times in Counter(name for name, _ in pairs).items():
        if times > 1:
            yield name, last[name], _given_often(times)
