"""The parameters of a request for statements, checked as the values of statements are."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from api.problems import WRONG_SCOPE, Problem
from api.xapi.asking import Ask, as_json, bad, only
from database.signing import is_signed, signature
from sources.xapi.keys import Json, activity_key, actor_key, verb_key
from sources.xapi.reading import Filters, Found
from sources.xapi.shapes import ACTOR, AGENT
from sources.xapi.values import Iri, StatementId, instant

ONE = ("statementId", "voidedStatementId")
SHAPE = ("format", "attachments")
FILTERS = (
    "agent",
    "verb",
    "activity",
    "registration",
    "related_activities",
    "related_agents",
    "since",
    "until",
    "limit",
    "ascending",
)
MORE = "more"
PURPOSE = "more statements"
FORMATS = ("exact", "ids", "canonical")
IRI: TypeAdapter[str] = TypeAdapter(Iri)
ID: TypeAdapter[str] = TypeAdapter(StatementId)


def single(ask: Ask) -> tuple[UUID, bool] | None:
    """The statement that is asked for by its id, and whether as a voided one; None if several are asked for."""
    named = [name for name in ONE if name in ask.parameters]
    if not named:
        return None
    only(ask, named[0], *SHAPE)
    return statement_id(ask, named[0]), named[0] == ONE[1]


def statement_id(ask: Ask, name: str) -> UUID:
    """The parameter as the id of a statement or a registration. Raises a Problem for what is none."""
    return UUID(_checked(ID, name, ask.parameters[name]))


def iri(ask: Ask, name: str) -> str:
    return str(_checked(IRI, name, ask.parameters[name]))


def agent(ask: Ask, name: str = "agent", may_be_a_group: bool = False) -> Json:
    """The agent in a parameter, which is JSON."""
    told: Json = _checked(ACTOR if may_be_a_group else AGENT, name, as_json(ask.parameters[name]))
    return told


def moment(ask: Ask, name: str) -> datetime | None:
    if name not in ask.parameters:
        return None
    try:
        return instant(ask.parameters[name].replace(" ", "+"))  # a plus that was not written as %2B
    except ValueError:
        raise bad(f"{name} is no timestamp of ISO 8601.") from None


def shape(ask: Ask) -> tuple[str, bool]:
    """The format of statements, and whether with their attachments."""
    chosen = ask.parameters.get("format", FORMATS[0])
    if chosen not in FORMATS:
        raise bad(f"format is {chosen[:50]!r}; choose one of {', '.join(FORMATS)}.")
    return chosen, _flag(ask, "attachments")


def filters(ask: Ask) -> Filters:
    """What is asked for. A key that pages may show has to name whom it asks about."""
    if MORE in ask.parameters:
        return _page(ask)
    only(ask, *ONE, *SHAPE, *FILTERS)
    if not ask.is_server and "agent" not in ask.parameters:
        raise Problem(WRONG_SCOPE, "This key reads a statement by its statementId, or those about a named agent.")
    given = ask.parameters
    who = agent(ask, may_be_a_group=True) if "agent" in given else None
    if who and actor_key(who) is None:
        raise bad("agent: a group without an identifier cannot be asked for.")
    return Filters(
        agent=actor_key(who) if who else None,
        verb=verb_key(iri(ask, "verb")) if "verb" in given else None,
        activity=activity_key(iri(ask, "activity")) if "activity" in given else None,
        registration=statement_id(ask, "registration") if "registration" in given else None,
        related_activities=_flag(ask, "related_activities"),
        related_agents=_flag(ask, "related_agents"),
        since=moment(ask, "since"),
        until=moment(ask, "until"),
        ascending=_flag(ask, "ascending"),
        limit=_limit(ask),
    )


def more_address(ask: Ask, asked_for: Filters, last: Found) -> str:
    """The address of the next page: only this key can use it."""
    chosen, with_files = shape(ask) if MORE not in ask.parameters else _shape_of_page(ask)
    told = asked_for._replace(behind=(last.stored_at, last.id))._asdict()
    text = json.dumps([str(ask.sender.key.id), chosen, with_files, told], default=str)
    token = urlsafe_b64encode(text.encode()).decode().rstrip("=")
    return f"{ask.base}/statements?{MORE}={token}.{signature(PURPOSE, token)}"


def shape_asked_for(ask: Ask) -> tuple[str, bool]:
    return _shape_of_page(ask) if MORE in ask.parameters else shape(ask)


def _page(ask: Ask) -> Filters:
    told = _token(ask)[3]
    at, known = told["behind"]
    ids = {name: UUID(told[name]) for name in ("agent", "verb", "activity", "registration") if told[name]}
    moments = {name: datetime.fromisoformat(told[name]) for name in ("since", "until") if told[name]}
    return Filters(**told | ids | moments | {"behind": (datetime.fromisoformat(at), UUID(known))})


def _shape_of_page(ask: Ask) -> tuple[str, bool]:
    _, chosen, with_files, _ = _token(ask)
    return chosen, with_files


def _token(ask: Ask) -> Any:
    only(ask, MORE)
    token, _, signed = ask.parameters[MORE].partition(".")
    if not is_signed(signed, PURPOSE, token):
        raise bad("This address leads to no more statements; take the one in `more` as it is.")
    told = json.loads(urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    if told[0] != str(ask.sender.key.id):
        raise bad("These statements are another key's.")
    return told


def _flag(ask: Ask, name: str) -> bool:
    given = ask.parameters.get(name, "false").lower()
    if given not in ("true", "false"):
        raise bad(f"{name} is {given[:50]!r}; choose true or false.")
    return given == "true"


def _limit(ask: Ask) -> int:
    given = ask.parameters.get("limit", "0")
    if not (given.isascii() and given.isdecimal() and len(given) < 10):
        raise bad(f"limit is {given[:50]!r}; write a number from 0.")
    return int(given)


def _checked(form: TypeAdapter[Any], name: str, value: Any) -> Any:
    try:
        return form.validate_python(value)
    except ValidationError as error:
        raise bad(f"{name}: {error.errors(include_url=False)[0]['msg']}") from None
