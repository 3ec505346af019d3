"""Documents: states of activities, profiles of activities and of agents."""

from email.utils import format_datetime

from fastapi.responses import JSONResponse, Response

from api.problems import CONFLICT, PRECONDITION, TOO_LARGE, Problem
from api.xapi.asking import Ask, as_json, bad, needed, only
from api.xapi.multipart import JSON, media_type
from api.xapi.queries import agent, iri, moment, statement_id
from sources.xapi.documents import (
    MOST_BYTES,
    Changed,
    DocumentKind,
    Expected,
    NotMergeable,
    Place,
    Unconditional,
    document,
    document_ids,
    merge_document,
    remove_documents,
    write_document,
)
from sources.xapi.storing import QuotaExceeded

ID_OF = {"state": "stateId", "agent": "profileId", "activity": "profileId"}
LONGEST_ID = 2_000
USUAL_TYPE = "application/octet-stream"


def read_document(ask: Ask, kind: DocumentKind) -> Response:
    """GET: a document, or the ids of those there. A missing one is answered without a body: players expect that."""
    name = ID_OF[kind]
    place = _place(ask, kind, *(() if name in ask.parameters else ("since",)))
    if name not in ask.parameters:
        return JSONResponse(document_ids(ask.sender.creator_id, place, moment(ask, "since")))
    found = document(ask.sender.creator_id, place, _id(ask, kind))
    if found is None:
        return Response(status_code=404)
    headers = {"ETag": found.etag, "Last-Modified": format_datetime(found.updated_at, usegmt=True)}
    return Response(found.content, headers=headers | {"Content-Type": found.content_type})


def put_document(ask: Ask, kind: DocumentKind) -> Response:
    """PUT: a document in place of the one that is there."""
    return _written(ask, kind, merges=False)


def post_document(ask: Ask, kind: DocumentKind) -> Response:
    """POST: the fields of a JSON object into the document that is there."""
    return _written(ask, kind, merges=True)


def delete_document(ask: Ask, kind: DocumentKind) -> Response:
    """DELETE: a document; of states also all of an activity and an agent."""
    place = _place(ask, kind)
    if kind != "state":
        needed(ask, ID_OF[kind])
    known = _id(ask, kind) if ID_OF[kind] in ask.parameters else None
    try:
        remove_documents(ask.sender.creator_id, place, known, _expected(ask, kind))
    except Changed as error:
        raise Problem(PRECONDITION, str(error)) from None
    return Response(status_code=204)


def _written(ask: Ask, kind: DocumentKind, merges: bool) -> Response:
    place = _place(ask, kind)
    needed(ask, ID_OF[kind])
    if len(ask.body) > MOST_BYTES:
        raise Problem(TOO_LARGE, f"A document may have at most {MOST_BYTES:,} bytes.")
    content_type = (ask.content_type or USUAL_TYPE)[:255]
    if media_type(content_type) == JSON:
        as_json(ask.body)
    write = merge_document if merges else write_document
    try:
        write(ask.sender.creator_id, place, _id(ask, kind), content_type, ask.body, _expected(ask, kind))
    except Changed as error:
        raise Problem(PRECONDITION, str(error)) from None
    except Unconditional as error:
        raise Problem(CONFLICT, str(error)) from None
    except NotMergeable as error:
        raise bad(str(error)) from None
    except QuotaExceeded as error:
        raise Problem(TOO_LARGE, str(error)) from None
    return Response(status_code=204)


def _place(ask: Ask, kind: DocumentKind, *more: str) -> Place:
    has_activity, has_agent = kind != "agent", kind != "activity"
    known = [name for name, is_one in (("activityId", has_activity), ("agent", has_agent)) if is_one]
    for name in known:
        needed(ask, name)
    only(ask, *known, ID_OF[kind], *more, *(("registration",) if kind == "state" else ()))
    return Place(
        kind,
        activity_id=iri(ask, "activityId") if has_activity else None,
        agent=agent(ask, may_be_a_group=True) if has_agent else None,
        registration=statement_id(ask, "registration") if "registration" in ask.parameters else None,
    )


def _id(ask: Ask, kind: DocumentKind) -> str:
    given = needed(ask, ID_OF[kind])
    if len(given) > LONGEST_ID:
        raise bad(f"{ID_OF[kind]} has {len(given):,} characters; it may have {LONGEST_ID:,}.")
    return given


def _expected(ask: Ask, kind: DocumentKind) -> Expected:
    """What the headers say; only states of version 1.0 may be replaced without a word."""
    must_be_said = kind != "state" or ask.version[0] == "2"
    return Expected(ask.headers.get("if-match"), ask.headers.get("if-none-match"), must_be_said)
