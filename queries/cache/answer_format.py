"""Answers of queries as bytes and back, exactly: JSON around Arrow tables. Unlike a pickle, it cannot run code."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any, get_args, get_type_hints
from uuid import UUID

import pandas as pd

from queries.cache.frame_format import frame_bytes, frame_from_bytes
from rules.sentences import Sentence

TAG = "$"
PLAIN = (bool, int, float, str, type(None))

Types = dict[str, type]


class Unreadable(ValueError):
    """The bytes are not a result written by this version of the program."""


def answer_types(query: Callable[..., Any]) -> Types:
    """The dataclasses that a query's result may contain, by name; no other class is ever created from bytes."""
    found: Types = {}
    _collect(get_type_hints(query).get("return"), found)
    return found


def encoded(label: dict[str, str], answer: Any) -> bytes:
    """The result with a label in front; raises TypeError for values that could not be read back exactly."""
    tables: list[bytes] = []
    tree = packed(answer, tables)
    head = json.dumps({"label": label, "answer": tree, "tables": [len(table) for table in tables]})
    return b"".join([head.encode(), b"\n", *tables])


def decoded(blob: bytes, label: dict[str, str], types: Types) -> Any:
    """The result, if it has exactly this label. Raises Unreadable."""
    head, _, rest = blob.partition(b"\n")
    try:
        described = json.loads(head)
        if described["label"] != label:
            raise Unreadable("the label is another one")
        return unpacked(described["answer"], types, _cut(rest, described["tables"]))
    except (ValueError, KeyError, TypeError, AttributeError, OSError) as error:
        raise Unreadable(str(error)) from error


def packed(value: Any, tables: list[bytes]) -> Any:
    """A value for JSON; DataFrames are put into `tables`. Raises TypeError for an unknown kind."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is Sentence:
        return str(value)
    if kind is list:
        return [packed(item, tables) for item in value]
    if kind is tuple:
        return {TAG: "tuple", "of": [packed(item, tables) for item in value]}
    if kind is dict:
        return {TAG: "dict", "of": [[packed(key, tables), packed(item, tables)] for key, item in value.items()]}
    if kind is pd.DataFrame:
        tables.append(frame_bytes(value, lambda item: packed(item, tables)))
        return {TAG: "table", "of": len(tables) - 1}
    if is_dataclass(value):
        parts = {field.name: packed(getattr(value, field.name), tables) for field in fields(value)}
        return {TAG: "object", "class": _name(kind), "of": parts}
    return _packed_scalar(value)


def unpacked(tree: Any, types: Types, tables: list[bytes]) -> Any:
    """The value from its `packed` form."""
    if isinstance(tree, list):
        return [unpacked(item, types, tables) for item in tree]
    if not isinstance(tree, dict):
        return tree
    kind, held = tree[TAG], tree["of"]
    if kind == "tuple":
        return tuple(unpacked(item, types, tables) for item in held)
    if kind == "dict":
        return {unpacked(key, types, tables): unpacked(item, types, tables) for key, item in held}
    if kind == "table":
        return frame_from_bytes(tables[held], lambda item: unpacked(item, types, tables))
    if kind == "object":
        return types[tree["class"]](**{name: unpacked(item, types, tables) for name, item in held.items()})
    return _unpacked_scalar(kind, held)


def _packed_scalar(value: Any) -> dict[str, Any]:
    if value is pd.NaT:
        return {TAG: "nat", "of": None}
    kind = type(value)
    if kind is UUID:
        return {TAG: "uuid", "of": value.hex}
    if kind is pd.Timestamp:
        return {TAG: "timestamp", "of": [value.isoformat(), value.unit]}
    if kind is datetime:
        return {TAG: "datetime", "of": value.isoformat()}
    if kind is date:
        return {TAG: "date", "of": value.isoformat()}
    raise TypeError(f"{kind.__qualname__} cannot be kept as JSON")


def _unpacked_scalar(kind: str, held: Any) -> Any:
    if kind == "nat":
        return pd.NaT
    if kind == "uuid":
        return UUID(hex=held)
    if kind == "timestamp":
        return pd.Timestamp(held[0]).as_unit(held[1])
    if kind == "datetime":
        return datetime.fromisoformat(held)
    if kind == "date":
        return date.fromisoformat(held)
    raise Unreadable(f"{kind} is no kind of value")


def _collect(hint: Any, found: Types) -> None:
    if is_dataclass(hint) and isinstance(hint, type) and _name(hint) not in found:
        found[_name(hint)] = hint
        for part in get_type_hints(hint).values():
            _collect(part, found)
    for part in get_args(hint):
        _collect(part, found)


def _name(kind: type) -> str:
    return f"{kind.__module__}.{kind.__qualname__}"


def _cut(rest: bytes, lengths: list[int]) -> list[bytes]:
    tables, start = [], 0
    for length in lengths:
        tables.append(rest[start : start + length])
        start += length
    if start != len(rest):
        raise Unreadable("the bytes are cut off")
    return tables
