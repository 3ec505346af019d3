"""Rows on their way into a source table: all columns except creator_id, which is the same everywhere."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from database.demo.rhythm import Floats, Ints


@dataclass(frozen=True)
class Table:
    """A few rows, of any kind of value."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]


@dataclass(frozen=True)
class Columns:
    """Many rows, column by column."""

    name: str
    columns: dict[str, pa.Array]


def texts(values: Iterable[object]) -> pa.Array:
    """Each as text; None is NULL."""
    return pa.array((value if value is None else str(value) for value in values), type=pa.string())


def of_each(values: Iterable[object], places: Ints) -> pa.Array:
    """The text of the value at each of these places; values may repeat."""
    return texts(values).take(pa.array(places, type=pa.int64()))


def stamps(seconds: Ints | Floats) -> pa.Array:
    """Instants, from seconds since 1970; NaN is NULL."""
    whole = pa.array(seconds, from_pandas=True).cast(pa.int64(), safe=False)
    return whole.cast(pa.timestamp("s", "UTC"))
