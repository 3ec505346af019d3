"""The addresses of xAPI, each with what it does for the documentation."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Request, Security
from fastapi.responses import JSONResponse, Response
from fastapi.security import HTTPBasic
from starlette.requests import HTTPConnection

from api.problems import (
    ACCESS_DENIED,
    AWAY,
    BAD_REQUEST,
    CONFLICT,
    METHOD_NOT_ALLOWED,
    NOT_FOUND,
    PRECONDITION,
    TOO_LARGE,
    TOO_MANY,
    UNKNOWN_KEY,
    Problem,
)
from api.schemas.problem import responses_of
from api.threads import in_api_thread
from api.xapi.asking import Ask, asked, needed, only
from api.xapi.described import IDS, MATCHES, STATEMENT, described
from api.xapi.documents import delete_document, post_document, put_document, read_document
from api.xapi.headers import ALLOWED, METHODS, PREFLIGHT_SECONDS, VERSIONS
from api.xapi.queries import agent, iri
from api.xapi.statements import read_statements, write_statement, write_statements
from sources.xapi.arrivals import written_instant
from sources.xapi.keys import activity_key
from sources.xapi.reading import consistent_through, described_activity

Resource = Mapping[str, Callable[[Ask], Response]]


class DescribedBasic(HTTPBasic):
    """For the description only: the requests are looked at by `api.xapi.asking`."""

    async def __call__(self, request: HTTPConnection) -> None:
        del request


BASIC = DescribedBasic(auto_error=False, scheme_name="xapi", description="The id of an API key, and the key.")
PROBLEMS = (BAD_REQUEST, UNKNOWN_KEY, ACCESS_DENIED, NOT_FOUND, TOO_LARGE, TOO_MANY, AWAY)


async def _described_key(_key: Annotated[Any, Security(BASIC)]) -> None:
    """Does nothing: for the description only."""


xapi = APIRouter(
    prefix="/xapi", tags=["xAPI"], responses=responses_of(*PROBLEMS), dependencies=[Security(_described_key)]
)
opened = APIRouter(prefix="/xapi", tags=["xAPI"])
unlisted = APIRouter(prefix="/xapi", include_in_schema=False)


def read_person(ask: Ask) -> Response:
    """What is known about an agent: what the request itself says, so that nobody is listed."""
    needed(ask, "agent")
    only(ask, "agent")
    known = agent(ask)
    told = {name: [value] for name, value in known.items() if name != "objectType"}
    return JSONResponse({"objectType": "Person"} | told)


def read_activity(ask: Ask) -> Response:
    """An activity with the newest words for it."""
    needed(ask, "activityId")
    only(ask, "activityId")
    known = iri(ask, "activityId")
    key = ask.sender.key
    return JSONResponse(described_activity(ask.sender.creator_id, key.id, activity_key(known), known))


STATEMENTS: Resource = {"GET": read_statements, "POST": write_statements, "PUT": write_statement}
STATES, AGENT_PROFILES, ACTIVITY_PROFILES = (
    {
        "GET": partial(read_document, kind=kind),
        "PUT": partial(put_document, kind=kind),
        "POST": partial(post_document, kind=kind),
        "DELETE": partial(delete_document, kind=kind),
    }
    for kind in ("state", "agent", "activity")
)
PEOPLE: Resource = {"GET": read_person}
ACTIVITIES: Resource = {"GET": read_activity}


async def answered(request: Request, resource: Resource) -> Response:
    """The answer of a resource, in one of the API's threads; HEAD is GET, without the body."""
    ask = await asked(request)
    work = resource.get("GET" if ask.method == "HEAD" else ask.method)
    if work is None:
        raise Problem(METHOD_NOT_ALLOWED, f"{ask.method} cannot be used here.")
    if work is read_statements:
        through = await in_api_thread(consistent_through, ask.sender.creator_id)
        request.state.xapi_consistent = written_instant(through)  # whatever the answer will be
    return await in_api_thread(work, ask)


@opened.get("/about", openapi_extra=described(answer={"version": list(VERSIONS)}))
async def about() -> Response:
    """The versions of xAPI that are spoken here. Needs no key and no version."""
    return JSONResponse({"version": list(VERSIONS)})


@xapi.post(
    "/statements", openapi_extra=described(body=[STATEMENT], answer=IDS), responses=responses_of(*PROBLEMS, CONFLICT)
)
async def post_statements(request: Request) -> Response:
    """Store a statement or a list of them: all, or none. Answers their ids once they are stored.

    A statement that is stored already changes nothing; with the same id and other content, nothing of the request is
    stored.
    """
    return await answered(request, STATEMENTS)


@xapi.put(
    "/statements",
    openapi_extra=described("statementId", needed=("statementId",), body=STATEMENT),
    responses=responses_of(*PROBLEMS, CONFLICT),
    status_code=204,
)
async def put_statement(request: Request) -> Response:
    """Store one statement under its id."""
    return await answered(request, STATEMENTS)


@xapi.get("/statements", openapi_extra=described(*MATCHES, answer={"statements": [STATEMENT], "more": ""}))
async def get_statements(request: Request) -> Response:
    """Read back statements that the same key wrote: one by its id, or those that match, newest first.

    A key of the scope "xapi" names an agent or a statement; one of the scope "xapi-server" may list all of its own.
    """
    return await answered(request, STATEMENTS)


@xapi.get("/agents", openapi_extra=described("agent", needed=("agent",), answer={"objectType": "Person"}))
async def get_person(request: Request) -> Response:
    """The person of an agent, as the request names them; nobody is looked up."""
    return await answered(request, PEOPLE)


@xapi.get("/activities", openapi_extra=described("activityId", needed=("activityId",), answer={"id": "https://…"}))
async def get_activity(request: Request) -> Response:
    """An activity with the newest words that statements of this key have for it."""
    return await answered(request, ACTIVITIES)


def _documents(path: str, resource: Resource, what: str, place: tuple[str, ...], name: str) -> None:
    """The four methods of a kind of documents, and HEAD."""

    async def answer(request: Request) -> Response:
        return await answered(request, resource)

    told = {
        "GET": (f"Read a {what}, or list the ids of those there.", described(*place, name, "since", needed=place)),
        "PUT": (
            f"Write a {what} in place of the one that is there.",
            described(*place, name, needed=(*place, name), body={}),
        ),
        "POST": (
            f"Write the fields of a JSON object into a {what}.",
            described(*place, name, needed=(*place, name), body={}),
        ),
        "DELETE": (f"Remove a {what}.", described(*place, name, needed=place)),
    }
    for method, (description, extra) in told.items():
        xapi.add_api_route(
            path,
            answer,
            methods=[method],
            description=description,
            name=f"{method.lower()} {what}",
            openapi_extra=extra,
            status_code=200 if method == "GET" else 204,
            responses=responses_of(*PROBLEMS, PRECONDITION, CONFLICT),
        )
    unlisted.add_api_route(path, answer, methods=["HEAD"], name=f"head {what}")


def _heads() -> None:
    """HEAD for what is read, and what browsers ask before they send anything to another host."""
    for path, resource in (("/statements", STATEMENTS), ("/agents", PEOPLE), ("/activities", ACTIVITIES)):
        unlisted.add_api_route(path, _answering(resource), methods=["HEAD"], name=f"head {path}")
    unlisted.add_api_route("/about", about, methods=["HEAD"], name="head about")


def _answering(resource: Resource) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return await answered(request, resource)

    return answer


@unlisted.options("/{rest:path}")
async def preflight(request: Request, rest: str) -> Response:
    """Whether a page may ask: any may, and the request itself is refused if its key is not for that page.

    Answered without a database, and without credentials, which a preflight has none of.
    """
    del rest
    headers = {
        "Access-Control-Allow-Methods": METHODS,
        "Access-Control-Allow-Headers": ALLOWED,
        "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
    }
    request.state.xapi_origin = request.headers.get("origin")
    return Response(status_code=204, headers=headers)


_documents("/activities/state", STATES, "state", ("activityId", "agent"), "stateId")
_documents("/activities/profile", ACTIVITY_PROFILES, "activity profile", ("activityId",), "profileId")
_documents("/agents/profile", AGENT_PROFILES, "agent profile", ("agent",), "profileId")
_heads()
