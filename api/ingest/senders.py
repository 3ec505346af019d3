"""Who sends events: a server with a secret key, or a page with a key that anybody may see."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request

from api.limits import count_request, refusals_per_minute
from api.problems import (
    BAD_REQUEST,
    CROSS_ORIGIN,
    EXPIRED_TOKEN,
    MISSING_KEY,
    REVOKED_KEY,
    UNKNOWN_KEY,
    WRONG_SCOPE,
    WRONG_TOKEN,
    Problem,
)
from database.api_callers import KnownKey, known_key
from rules.errors import SetupError
from rules.tiers import must_open_the_dashboard
from sources.events.items import Sender
from sources.events.tokens import BadToken, ExpiredToken, anonymous_student, student_of

SCOPE = "ingest"
SERVER_DOOR, PAGE_DOOR = "events", "player"
VARIABLE = "INGEST_EVENTS_PER_MINUTE"
USUAL = 600_000  # of a creator
EVENTS_OF_A_REQUEST = 50  # on average: a key may send one request for that many events
SHARE_OF_AN_ADDRESS = 10  # of a page's requests, a tenth may come from one address
NO_KEY = 'Send `Authorization: Bearer` and a secret key or, from a page, its key as "key" in the body.'
MAKE_ONE = "Create one with `python manage.py api-key create --scope ingest`."


@dataclass(frozen=True)
class Key:
    """A key that sends events, as the log of requests names it."""

    author: KnownKey
    creator_id: UUID

    @property
    def is_of_pages(self) -> bool:
        return bool(self.author.origins)


def events_per_minute() -> int:
    """How many events a creator may send per minute. Raises SetupError for a limit that is not a number."""
    given = os.environ.get(VARIABLE) or str(USUAL)
    if not given.isdecimal() or int(given) < 1:
        raise SetupError(f'{VARIABLE} is "{given}"; write a number such as {USUAL}.')
    return int(given)


def key_in_header(request: Request) -> Key | None:
    """The secret key of a server; None if there is no such header. Raises a Problem for one that may not send."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        return None
    scheme, _, given = authorization.partition(" ")
    key = _known(request, given.strip() if scheme.lower() == "bearer" else "")
    if key.is_of_pages:
        raise Problem(WRONG_SCOPE, 'This key is for pages: send it as "key" in the body, from a page.')
    return key


def key_in_body(request: Request, told: Mapping[str, Any]) -> Key:
    """The key of a page. Raises a Problem for one that may not send, or not from there."""
    given = told.get("key")
    if not isinstance(given, str):
        raise _refused(request, Problem(MISSING_KEY, NO_KEY, headers={"WWW-Authenticate": "Bearer"}))
    key = _known(request, given)
    if not key.is_of_pages:
        raise Problem(WRONG_SCOPE, "This key is secret: send it in the header, from a server, and never to a page.")
    origin = request.headers.get("origin")
    if origin not in key.author.origins:
        named = f"{origin[:200]} is not among its origins" if origin else "the request says no origin"
        raise Problem(CROSS_ORIGIN, f"This key works on pages of its own origins; {named}.")
    return key


def sender_of(key: Key, told: Mapping[str, Any], received: datetime) -> Sender:
    """Whose data the batch is. Raises a Problem for a page without a valid student token or anonymous id."""
    if not key.is_of_pages:
        return Sender(key.creator_id, SERVER_DOOR)
    token, anonymous = told.get("student"), told.get("anonymous")
    try:
        if isinstance(token, str) and anonymous is None:
            return Sender(key.creator_id, PAGE_DOOR, student_of(token, key.author.id, received))
        if isinstance(anonymous, str) and token is None:
            return Sender(key.creator_id, PAGE_DOOR, anonymous_student(anonymous))
    except ExpiredToken as error:
        raise Problem(EXPIRED_TOKEN, f"student: {error}; give the page a new one.") from None
    except BadToken as error:
        raise Problem(WRONG_TOKEN, f"student: {error}.") from None
    raise Problem(BAD_REQUEST, 'A page says who watches: "student" with a signed token, or "anonymous" with an id.')


def count_batch(request: Request, key: Key, events: int) -> None:
    """Count a batch; raises a Problem that says when to try again once there are too many."""
    most = events_per_minute()
    requests = max(1, most // EVENTS_OF_A_REQUEST)
    count_request(f"ingest {key.author.id}", requests)
    if key.is_of_pages:
        count_request(f"ingest {key.author.id} {_address(request)}", max(1, requests // SHARE_OF_AN_ADDRESS))
    count_request(f"events {key.creator_id}", most, events, "events")


def _known(request: Request, given: str) -> Key:
    key = known_key(given) if given else None
    if key is None:
        raise _refused(request, Problem(UNKNOWN_KEY, MAKE_ONE, headers={"WWW-Authenticate": "Bearer"}))
    if key.is_revoked:
        raise _refused(request, Problem(REVOKED_KEY, MAKE_ONE, headers={"WWW-Authenticate": "Bearer"}))
    if key.scope != SCOPE:
        raise Problem(WRONG_SCOPE, f'The key has the scope "{key.scope}"; this needs one with the scope "{SCOPE}".')
    must_open_the_dashboard(key.state.subscription_tier)
    return Key(key, key.state.creator_id)


def _refused(request: Request, problem: Problem) -> Problem:
    """Callers who try many keys from one address have to wait."""
    count_request(f"refused {_address(request)}", refusals_per_minute())
    return problem


def _address(request: Request) -> str:
    return request.client.host if request.client else ""
