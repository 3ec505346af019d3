"""Documents of players: states, and profiles of agents and activities."""

import json
from datetime import datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import Connection, text

from database.canonical import digest
from database.clock import now
from database.tenancy import tenant_tx
from rules.errors import InputError
from sources.xapi.keys import Json, activity_key, actor_key, actor_name, key
from sources.xapi.storing import erased_among, use_bytes

DocumentKind = Literal["state", "agent", "activity"]
MOST_BYTES = 1_000_000
MOST_LISTED = 10_000

READ = text(
    """
    select
        content_type,
        content,
        etag,
        updated_at
    from xapi_documents
    where
        creator_id = :creator_id
        and place = :place
        and document_id = :document_id
    """
)
LOCK = text("select pg_advisory_xact_lock(hashtextextended('xapi ' || cast(:place as text) || ' ' || :document_id, 0))")
IDS = text(
    """
    select document_id
    from xapi_documents
    where
        creator_id = :creator_id
        and place = :place
        and (cast(:since as timestamptz) is null or updated_at > cast(:since as timestamptz))
    order by document_id asc
    limit :most
    """
)
WRITE = text(
    """
    insert into xapi_documents (
        creator_id, place, document_id, kind, activity_key, agent_key, registration, content_type, content,
        etag, updated_at
    )
    values (
        :creator_id, :place, :document_id, :kind, :activity_key, :agent_key, :registration, :content_type, :content,
        :etag, :updated_at
    )
    on conflict (creator_id, place, document_id) do update set
        content_type = excluded.content_type,
        content = excluded.content,
        etag = excluded.etag,
        updated_at = excluded.updated_at
    """
)
REMOVE = text(
    """
    delete from xapi_documents
    where
        creator_id = :creator_id
        and place = :place
        and (cast(:document_id as text) is null or document_id = :document_id)
    returning octet_length(content)
    """
)


class Changed(InputError):
    """The document is not the one that the writer has seen, or is there although they expect none."""


class Unconditional(InputError):
    """There is a document already, and the writer does not say which one they replace."""


class NotMergeable(InputError):
    """A part of a document can only be changed where both are JSON objects."""


class Place(NamedTuple):
    """Where documents belong: an activity, an agent, both, and one registration of it if there are several."""

    kind: DocumentKind
    activity_id: str | None = None
    agent: Json | None = None
    registration: UUID | None = None

    @property
    def key(self) -> UUID:
        return key("place", repr((self.kind, self.activity_id, actor_name(self.agent or {}), self.registration)))


class Document(NamedTuple):
    """A document; `etag` has its quotes."""

    content_type: str
    content: bytes
    etag: str
    updated_at: datetime


class Expected(NamedTuple):
    """What the writer expects to be there: one of these tags, or none of them; None: they do not say."""

    if_match: str | None = None
    if_none_match: str | None = None
    must_be_said: bool = False

    def must_hold(self, etag: str | None) -> None:
        """Raises Changed if the document with this tag (None: no document) is not what is expected."""
        if self.if_match is not None and (etag is None or not _is_among(etag, self.if_match)):
            raise Changed("The document has changed since it was read; read it again.")
        if self.if_none_match is not None and etag is not None and _is_among(etag, self.if_none_match):
            raise Changed("There is a document already; read it first.")

    @property
    def is_said(self) -> bool:
        return self.if_match is not None or self.if_none_match is not None


def document(creator_id: UUID, place: Place, document_id: str) -> Document | None:
    """The document; None if there is none."""
    with tenant_tx(creator_id) as connection:
        return _found(connection, creator_id, place, document_id)


def document_ids(creator_id: UUID, place: Place, since: datetime | None = None) -> list[str]:
    """The ids of the documents there, those changed after an instant."""
    asked = {"creator_id": creator_id, "place": place.key, "since": since, "most": MOST_LISTED}
    with tenant_tx(creator_id) as connection:
        return list(connection.execute(IDS, asked).scalars())


def write_document(
    creator_id: UUID, place: Place, document_id: str, content_type: str, content: bytes, expected: Expected
) -> None:
    """Write a document in place of the one that is there.

    Raises Changed, QuotaExceeded, and Unconditional for a document that is there and that the writer, who has to, does
    not say to have seen.
    """
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id, place, document_id)
        expected.must_hold(known.etag if known else None)
        if known and expected.must_be_said and not expected.is_said:
            raise Unconditional("There is a document already; send If-Match with its ETag to replace it.")
        _write(connection, creator_id, place, document_id, known, content_type, content)


def merge_document(
    creator_id: UUID, place: Place, document_id: str, content_type: str, content: bytes, expected: Expected
) -> None:
    """Write the fields of a JSON object into the one that is there. Raises Changed, NotMergeable, QuotaExceeded."""
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id, place, document_id)
        expected.must_hold(known.etag if known else None)
        if known:
            merged = _object(known.content_type, known.content) | _object(content_type, content)
            content = json.dumps(merged).encode()
        elif _is_json(content_type):
            _object(content_type, content)
        _write(connection, creator_id, place, document_id, known, content_type, content)


def remove_documents(creator_id: UUID, place: Place, document_id: str | None, expected: Expected) -> None:
    """Remove a document, or all of them there. Raises Changed."""
    with tenant_tx(creator_id) as connection:
        if document_id is not None:
            known = _locked(connection, creator_id, place, document_id)
            expected.must_hold(known.etag if known else None)
        asked = {"creator_id": creator_id, "place": place.key, "document_id": document_id}
        removed = sum(connection.execute(REMOVE, asked).scalars())
        if removed:
            use_bytes(connection, creator_id, -removed)


def _locked(connection: Connection, creator_id: UUID, place: Place, document_id: str) -> Document | None:
    """The document, for writers one after the other, also where there is none yet."""
    connection.execute(LOCK, {"place": place.key, "document_id": document_id})
    return _found(connection, creator_id, place, document_id)


def _found(connection: Connection, creator_id: UUID, place: Place, document_id: str) -> Document | None:
    asked = {"creator_id": creator_id, "place": place.key, "document_id": document_id}
    row = connection.execute(READ, asked).one_or_none()
    return Document(row.content_type, bytes(row.content), row.etag, row.updated_at) if row else None


def _write(
    connection: Connection,
    creator_id: UUID,
    place: Place,
    document_id: str,
    known: Document | None,
    content_type: str,
    content: bytes,
) -> None:
    if place.agent and erased_among(connection, creator_id, [place.agent]):
        return  # as if it had been written: nothing about them is kept any more
    if not place.agent:
        erased_among(connection, creator_id, [])
    told: dict[str, Any] = {
        "creator_id": creator_id,
        "place": place.key,
        "document_id": document_id,
        "kind": place.kind,
        "activity_key": activity_key(place.activity_id) if place.activity_id is not None else None,
        "agent_key": actor_key(place.agent) if place.agent else None,
        "registration": place.registration,
        "content_type": content_type,
        "content": content,
        "etag": f'"{digest(content_type, content.decode("latin-1"))[:40]}"',
        "updated_at": now(),
    }
    connection.execute(WRITE, told)
    use_bytes(connection, creator_id, len(content) - (len(known.content) if known else 0))


def _is_json(content_type: str) -> bool:
    return content_type.partition(";")[0].strip().lower() == "application/json"


def _object(content_type: str, content: bytes) -> Json:
    if _is_json(content_type):
        try:
            told = json.loads(content)
        except (ValueError, RecursionError):
            told = None
        if isinstance(told, dict):
            return told
    raise NotMergeable(
        "Both the document and what is sent must be JSON objects (application/json); use PUT to replace it."
    )


def _is_among(etag: str, given: str) -> bool:
    return given.strip() == "*" or etag.strip('"') in (
        tag.strip().removeprefix("W/").strip('"') for tag in given.split(",")
    )
