"""Keys and rows of relations as text, and read again: what is kept about what imports said."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any
from uuid import UUID

from sources.landing.relations import Column, Key, Relation, Told, Values

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


def key_text(relation: Relation, key: Key) -> str:
    """The key as `said_rows` has it: values with a stroke between them, instants in microseconds."""
    return "/".join(map(_part, key)) if not relation.is_by_id else str(key[0])


def key_of_text(relation: Relation, text: str) -> Key:
    """The key again."""
    return tuple(PARTS[column.type](part) for column, part in zip(relation.key, text.split("/"), strict=True))


def key_hash(relation: Relation, key: Key) -> int:
    """64 bits of a hash of the key."""
    if relation.is_by_id:
        return int(key[0].int & 0xFFFFFFFFFFFFFFFF)
    return int.from_bytes(blake2b(key_text(relation, key).encode(), digest_size=8).digest())


def microseconds(instant: datetime) -> int:
    return (instant - EPOCH) // MICROSECOND


def as_json(relation: Relation, told: Told, all_columns: bool = False) -> str:
    """What was said, without what was not; with all columns also their NULLs."""
    return json.dumps(
        {
            column.name: _written(value)
            for column, value in zip(relation.columns, told, strict=True)
            if value is not None or all_columns
        }
    )


def from_json(relation: Relation, told: Mapping[str, Any]) -> Values:
    """The same again; what is not there is None."""
    return [_read(column, told.get(column.name)) for column in relation.columns]


def _part(value: Any) -> str:
    return str(microseconds(value)) if isinstance(value, datetime) else str(value)


def _written(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    return list(value) if isinstance(value, tuple) else value


def _read(column: Column, value: Any) -> Any:
    return None if value is None else READERS.get(column.type, _unchanged)(value)


def _unchanged(value: Any) -> Any:
    return value


def instant_of(value: str) -> datetime:
    return datetime.fromisoformat(value)


READERS: dict[str, Callable[[Any], Any]] = {
    "uuid": UUID,
    "timestamptz": instant_of,
    "numeric": float,
    "text[]": tuple,
    "jsonb": tuple,
}
PARTS: dict[str, Callable[[str], Any]] = {
    "uuid": UUID,
    "timestamptz": lambda part: EPOCH + int(part) * MICROSECOND,
    "numeric": float,
    "integer": int,
    "text": str,
}
