"""Which frames of which queries are read row by row, and whether they match their dataclass."""

import pkgutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass
from importlib import import_module
from inspect import get_annotations, isfunction
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints

import pandas as pd

import queries
from queries.cache.caching import CachedQuery

# What else may represent a value of the type: a whole number for any, a day for its midnight.
ALSO: dict[type, tuple[type, ...]] = {float: (int,)}


@dataclass
class Seen:
    """The rows of one type that were seen, by column."""

    names: set[frozenset[str]] = field(default_factory=set)
    kinds: dict[str, set[type]] = field(default_factory=lambda: defaultdict(set))
    empty: set[str] = field(default_factory=set)  # columns in which something was missing


def typed_queries() -> list[Callable[..., Any]]:
    """Every function of `queries` that declares the rows of a frame, as it queries the database, in order."""
    found = {}
    for module in pkgutil.walk_packages(queries.__path__, "queries."):
        for value in vars(import_module(module.name)).values():
            query = value.fresh if isinstance(value, CachedQuery) else value
            if isfunction(query) and not query.__name__.startswith("_") and list(row_types(query)):
                found[f"{query.__module__}.{query.__qualname__}"] = query
    return [found[name] for name in sorted(found)]


def row_types(query: Callable[..., Any]) -> Iterator[type]:
    """The row types of a query's result."""
    yield from _types(get_annotations(query).get("return"))


def typed_frames(hint: Any, answer: Any) -> Iterator[tuple[type, pd.DataFrame]]:
    """Each frame in a result whose hint declares its rows."""
    if get_origin(hint) is Annotated:
        row_type = hint.__metadata__[0]
        held = [answer] if isinstance(answer, pd.DataFrame) else [getattr(answer, part.name) for part in fields(answer)]
        yield from ((row_type, frame) for frame in held if isinstance(frame, pd.DataFrame))
    elif is_dataclass(answer) and not isinstance(answer, type):
        for name, part in get_type_hints(type(answer), include_extras=True).items():
            yield from typed_frames(part, getattr(answer, name, None))


def seen_in(answers: Iterable[tuple[type, pd.DataFrame]]) -> dict[type, Seen]:
    """The contents of these frames' columns, by the type of their rows."""
    found: dict[type, Seen] = defaultdict(Seen)
    for row_type, frame in answers:
        seen = found[row_type]
        seen.names.add(frozenset(frame.columns))
        for name, column in frame.items():
            for value, is_missing in zip(column.tolist(), column.isna(), strict=True):
                if is_missing:
                    seen.empty.add(str(name))
                else:
                    seen.kinds[str(name)].add(_kind(value))
    return found


def complaints(row_type: type, seen: Seen) -> list[str]:
    """How the columns differ from the fields: names, types, and missing values where none are allowed."""
    hints = get_type_hints(row_type)
    known = {each.name for each in fields(row_type)}
    said = [f"no field for {name}" for names in seen.names for name in sorted(names - known)]
    said += [f"no column {name}" for names in seen.names for name in sorted(known - names)]
    for name in sorted(known):
        said += [f"{name} is {kind.__name__}" for kind in seen.kinds[name] if not _fits(kind, hints[name])]
        said += [f"{name} is missing somewhere"] * (name in seen.empty and not is_optional(hints[name]))
    return [f"{row_type.__name__}: {one}" for one in said]


def unseen(row_type: type, seen: Seen) -> list[str]:
    """Fields of which no value was seen, and those that may be None but never were."""
    hints = get_type_hints(row_type)
    names = [each.name for each in fields(row_type)]
    said = [f"{name} has no value" for name in names if not seen.kinds[name]]
    said += [f"{name} is never None" for name in names if is_optional(hints[name]) and name not in seen.empty]
    return [f"{row_type.__name__}: {one}" for one in said]


def is_optional(hint: Any) -> bool:
    return type(None) in get_args(hint)


def _types(hint: Any) -> Iterator[type]:
    if get_origin(hint) is Annotated:
        yield hint.__metadata__[0]
    elif is_dataclass(hint) and isinstance(hint, type):
        for part in get_type_hints(hint, include_extras=True).values():
            yield from _types(part)
    else:
        for part in get_args(hint):
            yield from _types(part)


def _kind(value: Any) -> type:
    """Whole floats are whole numbers: pandas turns whole numbers next to missing values into floats."""
    return int if isinstance(value, float) and value.is_integer() else type(value)


def _fits(kind: type, hint: Any) -> bool:
    return any(issubclass(kind, (allowed, *ALSO.get(allowed, ()))) for allowed in _allowed(hint)) and not (
        kind is bool and bool not in _allowed(hint)
    )


def _allowed(hint: Any) -> tuple[type, ...]:
    if get_origin(hint) is Literal:
        return tuple({type(value) for value in get_args(hint)})
    if get_origin(hint) in (list, tuple, dict):
        return (get_origin(hint),)
    if parts := get_args(hint):
        return tuple(kind for part in parts for kind in _allowed(part))
    return (hint,)
