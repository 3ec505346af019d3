"""Ids: how rows are found, or made, from what a source calls them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, text

from sources.landing.relations import QUESTIONS, QUIZZES, STUDENTS, VIDEOS, Relation
from sources.landing.tables import array

# Kinds of things that facts refer to by an id of the source.
NAMED: dict[str, Relation] = {"student": STUDENTS, "video": VIDEOS, "quiz": QUIZZES, "question": QUESTIONS}
FOUND_BY_UUID = ("video", "quiz")

FIND = {
    kind: text(
        f"""
        select
            known.external_id,
            known.id
        from {relation.name} as known
        where
            known.creator_id = :creator_id
            and known.external_id = any(cast(:names as text[]))
        """
    )
    for kind, relation in NAMED.items()
}
FIND_BY_UUID = {
    kind: text(
        f"""
        select known.id
        from {NAMED[kind].name} as known
        where
            known.creator_id = :creator_id
            and known.id = any(cast(:ids as uuid[]))
        """
    )
    for kind in FOUND_BY_UUID
}


@dataclass(frozen=True)
class Names:
    """The ids that one source uses for a creator's things."""

    creator_id: UUID
    ids_from: str

    def external(self, own: str) -> str:
        """The id as `external_id` has it."""
        return f"{self.ids_from}:{own}" if self.ids_from else own

    def own(self, external: str) -> str:
        """The source's own id again."""
        return external.removeprefix(f"{self.ids_from}:") if self.ids_from else external

    def made(self, kind: str, *parts: str) -> UUID:
        """The id of a new row. Ids have no NUL, so no two lists of parts give the same."""
        return uuid5(self.creator_id, f"{self.ids_from} {kind} " + "\0".join(parts))


def known_as(student: Mapping[str, Any]) -> list[str]:
    """What a student may be called in an input: name, address, ids, and the id without the system it is from."""
    external = str(student["external_id"])
    told = (student["name"], student["email"], str(student["id"]), external, external.partition(":")[2])
    return [one for one in told if one]


def found(connection: Connection, names: Names, kind: str, own_ids: Iterable[str]) -> Mapping[str, UUID]:
    """The rows that there are, by the source's own ids."""
    external = {names.external(own): own for own in own_ids}
    asked = {"creator_id": names.creator_id, "names": array("text", external)}
    known = {external[row.external_id]: row.id for row in connection.execute(FIND[kind], asked)} if external else {}
    if kind in FOUND_BY_UUID:
        known |= _found_by_uuid(connection, names, kind, [own for own in external.values() if own not in known])
    return known


def _found_by_uuid(connection: Connection, names: Names, kind: str, own_ids: list[str]) -> dict[str, UUID]:
    ids = {parsed: own for own in own_ids if (parsed := _uuid(own))}
    if not ids:
        return {}
    asked = {"creator_id": names.creator_id, "ids": array("uuid", ids)}
    return {ids[row.id]: row.id for row in connection.execute(FIND_BY_UUID[kind], asked)}


def _uuid(own: str) -> UUID | None:
    if len(own) != 36:
        return None
    try:
        return UUID(own)
    except ValueError:
        return None
