"""A request of xAPI: who asks, in which version and how, with the alternate request syntax already read."""

import json
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request

from api.limits import count_request, refusals_per_minute, requests_per_minute
from api.problems import (
    BAD_REQUEST,
    CROSS_ORIGIN,
    MISSING_KEY,
    REVOKED_KEY,
    UNKNOWN_KEY,
    WRONG_SCOPE,
    Kind,
    Problem,
)
from api.threads import in_api_thread
from api.xapi.headers import USUAL_VERSION, VERSION, VERSIONS, answered_version, is_known_version
from database.accounts import Account
from database.api_callers import KnownKey, known_key
from database.settings import settings
from queries.searching import UNSENDABLE
from rules.tiers import must_open_the_dashboard
from sources.xapi.storing import Writer

SERVER_SCOPE = "xapi-server"
SCOPES = ("xapi", SERVER_SCOPE)
TIMES_AS_OFTEN = 20  # as other keys: a key seen in a page is that of all its visitors together
AS_HEADERS = (
    "authorization",
    "x-experience-api-version",
    "content-type",
    "content-length",
    "if-match",
    "if-none-match",
)
ALTERNATE_METHODS = ("GET", "PUT", "POST", "DELETE", "HEAD")
HOW = "Send Basic authentication with the id of an API key as the user name and the key as the password."


class Sender(NamedTuple):
    """The key that asks, as the log knows callers."""

    creator_id: UUID
    author: Account
    key: KnownKey


@dataclass(frozen=True)
class Ask:
    """A request as a resource reads it."""

    method: str
    parameters: Mapping[str, str]
    headers: Mapping[str, str]  # names in small letters
    body: bytes
    version: str
    sender: Sender
    base: str  # the path of xAPI on this server

    @property
    def is_server(self) -> bool:
        """Whether the key is a server's, which may list its own statements."""
        return self.sender.key.scope == SERVER_SCOPE

    @property
    def content_type(self) -> str:
        return self.headers.get("content-type", "")

    @property
    def writer(self) -> Writer:
        key = self.sender.key
        account = {"homePage": settings().public_url, "name": str(key.id)}
        return Writer(self.sender.creator_id, key.id, {"objectType": "Agent", "name": key.name, "account": account})


async def asked(request: Request) -> Ask:
    """What is asked. Raises a Problem that says why not."""
    origin = request.headers.get("origin")
    body = await request.body()
    parameters, headers = _once(request.query_params.multi_items()), dict(request.headers)
    method = request.method
    if "method" in parameters:
        method, parameters, headers, body = _alternate(request, parameters, headers, body)
    sender = await in_api_thread(_sender, request, headers.get("authorization"), origin)
    request.state.caller = sender
    version = headers.get(VERSION.lower())
    if not is_known_version(version):
        raise bad(f"Send the header {VERSION} with {' or '.join(VERSIONS)}; it is {version!r:.40}.")
    request.state.xapi_version = answered_version(version)
    return Ask(
        method,
        parameters,
        headers,
        body,
        request.state.xapi_version,
        sender,
        f"{request.scope.get('root_path', '')}/xapi",
    )


def bad(detail: str) -> Problem:
    return Problem(BAD_REQUEST, detail)


def only(ask: Ask, *known: str) -> None:
    """Raise a Problem for a parameter that is not among the known ones: a mistyped filter would return everything."""
    unknown = [name for name in ask.parameters if name not in known]
    if unknown:
        raise bad(f"Unknown parameter {unknown[0][:100]!r}; this takes {', '.join(known) or 'none'}.")


def needed(ask: Ask, name: str) -> str:
    """The parameter. Raises a Problem without it."""
    if not ask.parameters.get(name):
        raise bad(f"The parameter {name} is missing.")
    return ask.parameters[name]


def as_json(body: bytes | str) -> Any:
    """The JSON value. Raises a Problem for anything else, NaN and infinite numbers included."""
    try:
        return json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError
        raise bad("This is not JSON in UTF-8.") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is not in JSON.")


def _once(items: list[tuple[str, str]]) -> dict[str, str]:
    found = dict(items)
    if len(found) != len(items):
        raise bad("A parameter is given more than once.")
    if any(UNSENDABLE.search(text) for item in items for text in item):
        raise bad("A null character or half of a character cannot be used.")
    return found


def _alternate(
    request: Request, parameters: dict[str, str], headers: dict[str, str], body: bytes
) -> tuple[str, dict[str, str], dict[str, str], bytes]:
    """Another method by POST, for browsers that cannot: headers, parameters and content are fields of a form.

    Storyline sends such a form as text/plain. Version 2.0 has it no longer.
    """
    method = parameters.pop("method").upper()
    try:
        form = _once(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=1_000))
    except ValueError:
        raise bad("The body is no form in UTF-8.") from None
    fields = {name.lower(): value for name, value in form.items() if name.lower() in AS_HEADERS}
    version = fields.get(VERSION.lower()) or headers.get(VERSION.lower()) or USUAL_VERSION
    if request.method != "POST" or method not in ALTERNATE_METHODS or parameters:
        raise bad("The alternate request syntax is a POST with method=… as its one parameter, and a form as its body.")
    if answered_version(version) != USUAL_VERSION:
        raise bad(f"The alternate request syntax is not part of version {version[:20]}.")
    if method in ("PUT", "POST") and "content" not in form:
        raise bad('The form has no field "content".')
    rest = {name: value for name, value in form.items() if name != "content" and name.lower() not in AS_HEADERS}
    kept = {name: value for name, value in headers.items() if name not in ("content-type", "content-length")}
    content = form.get("content", "").encode()
    return method, rest, {"content-type": "application/json", **kept, **fields}, content


def _sender(request: Request, authorization: str | None, origin: str | None) -> Sender:
    scheme, _, given = (authorization or "").partition(" ")
    user, password = _credentials(given) if scheme.lower() == "basic" else ("", "")
    key = known_key(password) if password else None
    if key is None or str(key.id) != user.lower():
        raise _refused(request, UNKNOWN_KEY if authorization else MISSING_KEY, HOW)
    if key.is_revoked:
        raise _refused(request, REVOKED_KEY, "Create a new one with `python manage.py api-key create --scope xapi`.")
    if origin is not None:
        if origin.lower() not in key.origins:
            detail = f"Pages of {origin[:100]} may not use this key; name them when creating one, with --origin."
            raise Problem(CROSS_ORIGIN, detail)
        request.state.xapi_origin = origin
    count_request(f"xapi {key.id}", TIMES_AS_OFTEN * requests_per_minute())
    must_open_the_dashboard(key.state.subscription_tier)
    if key.scope not in SCOPES:
        raise Problem(WRONG_SCOPE, f'The key has the scope "{key.scope}"; this needs "xapi" or "xapi-server".')
    state = key.state
    author = Account(key.id, key.name, None, "creator", state.creator_id, state.creator_name, state.subscription_tier)
    return Sender(state.creator_id, author, key)


def _credentials(given: str) -> tuple[str, str]:
    try:
        user, _, password = b64decode(given.strip(), validate=True).decode().partition(":")
    except ValueError:
        return "", ""
    return user, password


def _refused(request: Request, kind: Kind, detail: str) -> Problem:
    """A 401; callers who try many keys from one address have to wait."""
    address = request.client.host if request.client else ""
    count_request(f"refused {address}", refusals_per_minute())
    return Problem(kind, detail, headers={"WWW-Authenticate": 'Basic realm="xAPI"'})
