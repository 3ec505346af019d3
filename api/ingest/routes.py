"""Events in: `POST /ingest/v1/batch` for servers and pages, and the snippet for pages."""

from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.requests import ClientDisconnect

from api.ingest.body import body_of
from api.ingest.senders import Key, count_batch, key_in_body, key_in_header, sender_of
from api.parameters import refuse_parameters
from api.problems import ACCESS_DENIED, AWAY, BAD_REQUEST, CROSS_ORIGIN, TOO_LARGE, Problem, away
from api.threads import in_api_thread
from database.clock import now
from rules.errors import SetupError
from rules.tiers import FeatureAccessDenied
from sources.events.batch import TooManyEvents, Unreadable, parsed, read
from sources.events.taking import Taken, TooBusy, take

PREFLIGHT_SECONDS = 7_200
SNIPPET = (Path(__file__).parent.parent / "assets" / "player.js").read_text(encoding="utf-8")
SNIPPET_SECONDS = 3_600

Answer = Callable[[Request], Awaitable[Response]]


class IngestRoute(APIRoute):
    """A route that pages of other origins may call, and whose errors they may read."""

    def get_route_handler(self) -> Answer:  # type: ignore[override]
        work = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                refuse_parameters(request.query_params.multi_items(), frozenset())
                response = await work(request)
            except Problem as problem:
                response = problem.answer()
                if problem.kind is CROSS_ORIGIN:
                    return response
            except FeatureAccessDenied as error:
                response = Problem(ACCESS_DENIED, str(error)).answer()
            except (DBAPIError, PoolTimeout, SetupError) as error:
                response = away(error)
            except ClientDisconnect:
                response = Response(status_code=499)  # nobody reads it
            response.headers.update(_cors(request))
            return response

        return answer


ingest = APIRouter(prefix="/ingest/v1", route_class=IngestRoute, include_in_schema=False)


@ingest.post("/batch", status_code=202)
async def batch(request: Request) -> Response:
    """Take a batch of events: 202 once they are stored, with what became of each."""
    key = await in_api_thread(key_in_header, request)  # before anything of the request is read
    body = await body_of(request)
    taken = await in_api_thread(_taken, request, key, body)
    return JSONResponse(_answer(taken), 202)


@ingest.options("/batch")
async def preflight() -> Response:
    """What browsers ask before they send JSON; which origins may send is for the key to say, later."""
    headers = {
        "Access-Control-Allow-Methods": "POST",
        "Access-Control-Allow-Headers": "Content-Type, Content-Encoding",  # no Authorization: it is secret
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    return Response(status_code=204, headers=headers)


@ingest.get("/player.js")
async def player() -> Response:
    """The snippet for pages with a player."""
    headers = {"Cache-Control": f"public, max-age={SNIPPET_SECONDS}", "Cross-Origin-Resource-Policy": "cross-origin"}
    return Response(SNIPPET, media_type="text/javascript", headers=headers)


def _taken(request: Request, key: Key | None, body: bytes) -> Taken:
    received = now()
    try:
        told = parsed(body)
        key = key or key_in_body(request, told)
        request.state.caller = key
        count_batch(request, key, len(told["events"]))
        sender = sender_of(key, told, received)
        return take(sender, read(told, sender, received))
    except TooBusy:
        raise Problem(
            AWAY, "The data is being changed by others; send the batch again.", headers={"Retry-After": "1"}
        ) from None
    except TooManyEvents as error:
        raise Problem(TOO_LARGE, str(error)) from None
    except Unreadable as error:
        raise Problem(BAD_REQUEST, str(error)) from None


def _answer(taken: Taken) -> Mapping[str, Any]:
    return {
        "accepted": taken.accepted,
        "duplicate": taken.duplicate,
        "conflicting": taken.conflicting,
        "rejected": [
            {
                "index": one.index,
                "id": one.id,
                "code": one.code,
                "field": one.field,
                "value": one.value,
                "message": one.message,
            }
            for one in taken.rejected
        ],
    }


def _cors(request: Request) -> dict[str, str]:
    origin = request.headers.get("origin")
    if origin is None:
        return {}
    return {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Expose-Headers": "Retry-After",
        "Vary": "Origin",
    }
