"""Statements as they arrive: checked, completed as the specification asks a server to, and made ready as rows."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid4

from pydantic import ValidationError

from rules.errors import InputError
from sources.xapi.keys import (
    Json,
    activities,
    activity_key,
    actor_key,
    content_key,
    is_actor,
    people,
    verb_key,
)
from sources.xapi.meanings import meaning
from sources.xapi.shapes import STATEMENT, VOIDED

MOST_AT_ONCE = 10_000  # statements of one request
LONGEST_VERB = 200  # characters that are kept of it for counting


class NotAStatement(InputError):
    """The request holds something that is no statement: what, and where."""


class Arrival(NamedTuple):
    """A row of `xapi_statements`, and the people that the statement names besides its actor."""

    id: UUID
    statement: str
    content_key: UUID
    actor_key: UUID | None
    verb_key: UUID
    object_key: UUID | None
    activities: frozenset[UUID]
    registration: UUID | None
    ref_id: UUID | None
    is_voiding: bool
    verb: str
    meaning: str
    group_key: UUID | None
    mentioned: frozenset[UUID]
    people: tuple[Json, ...]


def checked(body: Any) -> list[Json]:
    """The statements of a request: one, or a list. Raises NotAStatement."""
    statements = body if isinstance(body, list) else [body]
    if len(statements) > MOST_AT_ONCE:
        raise NotAStatement(
            f"A request may have at most {MOST_AT_ONCE:,} statements; this one has {len(statements):,}."
        )
    for place, statement in enumerate(statements):
        try:
            STATEMENT.validate_python(statement)
        except ValidationError as error:
            raise NotAStatement(_why(error, place if isinstance(body, list) else None)) from None
    _must_differ([str(one["id"]).lower() for one in statements if "id" in one])
    return statements


def arrivals(statements: Sequence[Json], authority: Json, version: str, stored_at: datetime) -> list[Arrival]:
    """The statements as rows, in order of their ids: two requests with the same ones never wait for each other."""
    rows = [_arrival(statement, authority, version, stored_at) for statement in statements]
    return sorted(rows, key=lambda row: row.id.int)


def _must_differ(ids: Sequence[str]) -> None:
    if len(set(ids)) < len(ids):
        twice = next(one for one in ids if ids.count(one) > 1)
        raise NotAStatement(f"The id {twice} is given to more than one statement of the request.")


def _why(error: ValidationError, place: int | None) -> str:
    found = error.errors(include_url=False, include_context=False)[0]
    # Tags of alternatives stand in the path like fields do; people know the fields.
    path = ".".join(str(part) for part in found["loc"] if not (isinstance(part, str) and part[:1].isupper()))
    where = "" if place is None else f"Statement {place + 1}: "
    value = repr(found["input"])[:200] if not isinstance(found["input"], dict | list) else ""
    return f"{where}{path or 'statement'}: {found['msg']}{f' It is {value}.' if value else ''}".replace("\0", "")


def _arrival(statement: Json, authority: Json, version: str, stored_at: datetime) -> Arrival:
    _complete(statement, authority, version, stored_at)
    about = statement["object"]
    known = tuple(people(statement))
    actor = actor_key(statement["actor"])
    meant = meaning(statement)
    refers = about.get("objectType") == "StatementRef"
    registration = statement.get("context", {}).get("registration")
    return Arrival(
        id=UUID(statement["id"]),
        statement=_written(statement),
        content_key=content_key(statement),
        actor_key=actor,
        verb_key=verb_key(statement["verb"]["id"]),
        object_key=_object_key(about),
        activities=frozenset(activity_key(one["id"]) for one in activities(statement)),
        registration=UUID(registration) if registration else None,
        ref_id=UUID(about["id"]) if refers else None,
        is_voiding=statement["verb"]["id"] == VOIDED,
        verb=statement["verb"]["id"][:LONGEST_VERB],
        meaning=meant.kind,
        group_key=meant.group,
        mentioned=frozenset(found for one in known if (found := actor_key(one)) and found != actor),
        people=known,
    )


def _complete(statement: Json, authority: Json, version: str, stored_at: datetime) -> None:
    now = written_instant(stored_at)
    statement["id"] = str(statement.get("id") or uuid4()).lower()
    statement["stored"] = now
    statement.setdefault("timestamp", now)
    statement.setdefault("version", version)
    statement["authority"] = authority
    for one in _with_contexts(statement):
        for place, named in one.get("contextActivities", {}).items():
            if not isinstance(named, list):
                one["contextActivities"][place] = [named]


def _with_contexts(statement: Json) -> Iterator[Json]:
    yield statement.get("context", {})
    if statement["object"].get("objectType") == "SubStatement":
        yield statement["object"].get("context", {})


def written_instant(at: datetime) -> str:
    return at.isoformat(timespec="microseconds").replace("+00:00", "Z")


def _written(statement: Json) -> str:
    try:
        return json.dumps(statement, allow_nan=False, separators=(",", ":"))
    except ValueError:
        raise NotAStatement("A number of the statement is too large for JSON.") from None


def _object_key(about: Json) -> UUID | None:
    if is_actor(about, by_default=False):
        return actor_key(about)
    return activity_key(about["id"]) if about.get("objectType", "Activity") in ("Activity", "GroupActivity") else None
