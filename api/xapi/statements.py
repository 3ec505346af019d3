"""Statements: written and read back."""

import json
from collections.abc import Sequence
from email.utils import format_datetime
from typing import Any
from uuid import UUID

from fastapi.responses import JSONResponse, Response

from api.problems import CONFLICT, TOO_LARGE, Problem, not_found
from api.xapi.asking import Ask, as_json, bad, needed, only
from api.xapi.formats import ids_only, in_language
from api.xapi.multipart import JSON, is_mixed, media_type, mixed, must_belong, parts
from api.xapi.queries import filters, more_address, shape, shape_asked_for, single, statement_id
from sources.xapi.arrivals import NotAStatement, checked
from sources.xapi.keys import Json
from sources.xapi.reading import Found, files_of, one_statement
from sources.xapi.reading import statements as matching
from sources.xapi.signed import must_be_signed
from sources.xapi.storing import File, OtherContent, QuotaExceeded, store_statements


def write_statements(ask: Ask) -> Response:
    """POST: one statement or a list; all of them are stored, or none."""
    only(ask)
    told, files = _body(ask)
    return JSONResponse([str(one) for one in _stored(ask, told, files)])


def write_statement(ask: Ask) -> Response:
    """PUT: one statement under its id."""
    needed(ask, "statementId")
    only(ask, "statementId")
    known = statement_id(ask, "statementId")
    told, files = _body(ask)
    if not isinstance(told, dict):
        raise bad("A PUT has one statement as its body.")
    if str(told.setdefault("id", str(known))).lower() != str(known):
        raise bad("The id of the statement is not its statementId.")
    _stored(ask, told, files)
    return Response(status_code=204)


def read_statements(ask: Ask) -> Response:
    """GET: one statement by its id, or those that match, newest first."""
    named = single(ask)
    if named is None:
        return _read_several(ask)
    chosen, with_files = shape(ask)
    found = one_statement(ask.sender.creator_id, ask.sender.key.id, *named)
    if found is None:
        raise not_found()
    headers = {"Last-Modified": format_datetime(found.stored_at, usegmt=True)}
    return _answer(ask, _formatted(ask, found, chosen), [found] if with_files else None, headers)


def _read_several(ask: Ask) -> Response:
    wanted = filters(ask)
    chosen, with_files = shape_asked_for(ask)
    page = matching(ask.sender.creator_id, ask.sender.key.id, wanted)
    more = more_address(ask, wanted, page.statements[-1]) if page.has_more else ""
    # The statements are JSON already: written as they are stored, and never read.
    listed = ",".join(_formatted(ask, found, chosen) for found in page.statements)
    told = f'{{"statements":[{listed}],"more":{json.dumps(more)}}}'
    newest = max((one.stored_at for one in page.statements), default=None)
    headers = {"Last-Modified": format_datetime(newest, usegmt=True)} if newest else {}
    return _answer(ask, told, page.statements if with_files else None, headers)


def _body(ask: Ask) -> tuple[Any, list[File]]:
    if is_mixed(ask.content_type):
        return parts(ask.content_type, ask.body)
    if media_type(ask.content_type) != JSON:
        raise bad(f"Send statements as {JSON}, or as multipart/mixed with attachments.")
    return as_json(ask.body), []


def _stored(ask: Ask, told: Any, files: Sequence[File]) -> list[UUID]:
    try:
        statements = checked(told)
        must_belong(statements, files, is_mixed(ask.content_type))
        must_be_signed(statements, files)
        return store_statements(ask.writer, statements, ask.version if ask.version[0] == "2" else "1.0.0", files)
    except NotAStatement as error:
        raise bad(str(error)) from None
    except RecursionError:
        raise bad("The statement is nested too deeply.") from None
    except OtherContent as error:
        raise Problem(CONFLICT, str(error)) from None
    except QuotaExceeded as error:
        raise Problem(TOO_LARGE, str(error)) from None


def _formatted(ask: Ask, found: Found, chosen: str) -> str:
    if chosen == "exact":
        return found.statement
    told: Json = json.loads(found.statement)
    if chosen == "ids":
        return json.dumps(ids_only(told))
    return json.dumps(in_language(told, ask.headers.get("accept-language", "")))


def _answer(ask: Ask, told: str, with_files: Sequence[Found] | None, headers: dict[str, str]) -> Response:
    if with_files is None:
        return Response(told, headers=headers, media_type=JSON)
    body, content_type = mixed(told, files_of(ask.sender.creator_id, [one.id for one in with_files]))
    return Response(body, headers=headers | {"Content-Type": content_type})
