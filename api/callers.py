"""Who calls, and whether they may: a key or a signed-in browser, the ENTERPRISE tier, the scope."""

from dataclasses import dataclass
from typing import Annotated, Literal
from uuid import UUID

from fastapi import Depends, Request

from actions.exports import Requester, requester
from api.browser_session import BrowserSessions, identity
from api.limits import count_request, refusals_per_minute, requests_per_minute
from api.problems import (
    CROSS_ORIGIN,
    MISSING_KEY,
    REVOKED_KEY,
    STAFF_ONLY_READ,
    UNKNOWN_KEY,
    WRONG_SCOPE,
    Kind,
    Problem,
    invalid,
    not_found,
)
from database.accounts import Account, account_of_identity
from database.api_callers import CreatorState, KnownKey, creator_state, known_key, note_reading
from database.versions import figures_must_be_there, version_after_arrivals
from queries.cache.editions import Edition, edition
from rules.tiers import must_open_the_dashboard

Right = Literal["read", "write", "export"]

SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
RIGHTS: dict[str, frozenset[Right]] = {  # anyone who may change or export the data may see it
    "read": frozenset({"read"}),
    "write": frozenset({"read", "write"}),
    "export": frozenset({"read", "export"}),
    "xapi": frozenset(),  # see api.xapi
    "xapi-server": frozenset(),
    "ingest": frozenset(),  # see api.ingest
}


@dataclass(frozen=True)
class Caller:
    """Who calls, for which creator, and which edition of the figures they get."""

    author: Account
    creator_id: UUID
    edition: Edition
    key: KnownKey | None = None

    @property
    def as_asker(self) -> Requester:
        """The caller as recorded in the export log."""
        return Requester("api_key", self.key.name) if self.key else requester(self.author, self.creator_id)


def caller(request: Request) -> Caller:
    """The caller that the route has admitted."""
    let_in: Caller = request.state.caller
    return let_in


async def _caller(request: Request) -> Caller:  # a coroutine: it needs no thread
    return caller(request)


CallerOf = Annotated[Caller, Depends(_caller)]


def let_in(request: Request, right: Right) -> Caller:
    """The caller, if they may do this. Raises a Problem that says why not and what to do."""
    authorization = request.headers.get("authorization")
    if authorization is not None:
        return _by_key(request, authorization, right)
    return _by_session(request, right)


def _by_key(request: Request, authorization: str, right: Right) -> Caller:
    scheme, _, given = authorization.partition(" ")
    key = known_key(given.strip()) if scheme.lower() == "bearer" else None
    if key is None:
        raise _refused(request, UNKNOWN_KEY, "Send a key from `python manage.py api-key create` as a Bearer token.")
    if key.is_revoked:
        raise _refused(request, REVOKED_KEY, "Create a new one with `python manage.py api-key create`.")
    count_request(str(key.id), requests_per_minute())
    _must_be_own(request, key.state.creator_id)
    must_open_the_dashboard(key.state.subscription_tier)
    if right not in RIGHTS[key.scope]:
        detail = f'The key has the scope "{key.scope}"; this needs a key with the scope "{right}".'
        raise Problem(WRONG_SCOPE, detail)
    author = Account(
        key.id, key.name, None, "creator", key.state.creator_id, key.state.creator_name, key.state.subscription_tier
    )
    return _caller_of(author, key.state, key)


def _by_session(request: Request, right: Right) -> Caller:
    sessions: BrowserSessions | None = request.app.state.browser_sessions
    who = identity(sessions, request.cookies) if sessions else None
    account = account_of_identity(who.issuer, who.subject) if who else None
    if sessions is None or account is None:
        raise _refused(request, MISSING_KEY, "Send `Authorization: Bearer` and a key, or sign in to the dashboard.")
    count_request(str(account.id), requests_per_minute())
    if request.method not in SAFE_METHODS and request.headers.get("origin") != sessions.origin:
        raise Problem(CROSS_ORIGIN, f"A signed-in browser may only change things from pages of {sessions.origin}.")
    if account.role == "staff":
        return _by_staff(request, account, right)
    state = creator_state(account.creator_id) if account.creator_id else None
    if state is None:
        raise not_found()
    _must_be_own(request, state.creator_id)
    must_open_the_dashboard(state.subscription_tier)
    return _caller_of(account, state)


def _by_staff(request: Request, account: Account, right: Right) -> Caller:
    """The creator whose data staff want to read; recorded in that creator's audit log."""
    if right != "read":
        raise Problem(STAFF_ONLY_READ, "Read-only for staff: only the creator can make changes or exports.")
    chosen = _chosen_creator(request)
    if chosen is None:
        raise invalid("creatorId", None, "Staff must say whose data to read: add ?creatorId= with the creator's id.")
    state = creator_state(chosen)
    if state is None:
        raise not_found()
    must_open_the_dashboard(state.subscription_tier)
    note_reading(account.id, state.creator_id)
    return _caller_of(account, state)


def _caller_of(author: Account, state: CreatorState, key: KnownKey | None = None) -> Caller:
    version = state.version
    if state.is_being_built:
        figures_must_be_there(state.creator_id)
    if state.has_arrivals:
        version = version_after_arrivals(state.creator_id, version)
    return Caller(author, state.creator_id, edition(state.creator_id, version), key)


def _must_be_own(request: Request, creator_id: UUID) -> None:
    if _chosen_creator(request) not in (None, creator_id):
        raise not_found()


def _chosen_creator(request: Request) -> UUID | None:
    given = request.query_params.get("creatorId")
    if given is None:
        return None
    try:
        return UUID(given)
    except ValueError:
        raise invalid("creatorId", given, "This is not the id of a creator.") from None


def _refused(request: Request, kind: Kind, detail: str) -> Problem:
    """A 401; callers who try many keys from one address have to wait."""
    address = request.client.host if request.client else ""
    count_request(f"refused {address}", refusals_per_minute())
    return Problem(kind, detail, headers={"WWW-Authenticate": 'Bearer realm="Creator Dashboard"'})
