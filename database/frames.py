"""Query results as DataFrames and rows, read in the scope of one creator."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID

import numpy as np
import pandas as pd
from sqlalchemy import TextClause, text

from database.levels import level
from database.tenancy import reading_tx

Row = TypeVar("Row")


class UnlikeRows(TypeError):
    """A frame whose columns or values do not match the dataclass for its rows."""


def frame(creator_id: UUID, statement: str, dates: Sequence[str] = (), **parameters: Any) -> pd.DataFrame:
    """The statement's rows as a DataFrame.

    Binds `:creator_id`, the current level (`:course`, `:run`, `:course_id`) and every parameter.
    Columns named in `dates` become datetime64: a plain SQL date would be an object that charts refuse.
    """
    with reading_tx(creator_id) as connection:
        answer = connection.execute(_parsed(statement), bound(creator_id, parameters))
        rows = pd.DataFrame.from_records([tuple(row) for row in answer.all()], columns=list(answer.keys()))
    for column in dates:
        rows[column] = pd.to_datetime(rows[column])
    return rows


def one_row(creator_id: UUID, statement: str, **parameters: Any) -> Mapping[str, Any]:
    """The statement's only row, by column name; raises NoResultFound if there is none."""
    with reading_tx(creator_id) as connection:
        return dict(connection.execute(_parsed(statement), bound(creator_id, parameters)).mappings().one())


def rows(creator_id: UUID, statement: str, **parameters: Any) -> list[dict[str, Any]]:
    """The statement's rows as mappings, with the database's own values: NULL is None, an array is a list."""
    with reading_tx(creator_id) as connection:
        answer = connection.execute(_parsed(statement), bound(creator_id, parameters)).mappings()
        return [dict(row) for row in answer]


def with_floats(rows: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The rows with these columns as floats, NaN for unknown values; exact decimals and None are objects."""
    # Column by column: `astype` on several takes ten times as long, more than most queries.
    for column in columns:
        rows[column] = np.asarray(rows[column], dtype=float)
    return rows


def records(rows: pd.DataFrame, row_type: type[Row]) -> list[Row]:
    """Each row as an object of the dataclass, whose fields are exactly the columns, in any order.

    A dataclass that declares `takes_part: ClassVar = True` leaves out the columns that it has no field for.

    NaN, NaT and NA become None, whole floats become int if the field is one, NumPy's scalars become Python's; ids,
    instants and lists stay. Raises UnlikeRows, naming the column, if one is missing or has no field, or if a value
    must not be None or must be a whole number but is not.
    """
    filled = _filled(row_type)  # type: ignore[arg-type]  # a class can be hashed, which mypy does not know here
    _compare(row_type, rows.columns.tolist(), filled)
    by_name = dict(rows.items())
    columns = [_values(by_name[field.name], field, row_type) for field in filled]
    return [row_type(*values) for values in zip(*columns, strict=True)]


def mappings(rows: pd.DataFrame) -> list[dict[str, Any]]:
    """Each row as a mapping from column name to value, for code that takes the rows of any query."""
    columns = [column.tolist() for _, column in rows.items()]  # several times faster than `itertuples`
    names = rows.columns.tolist()  # once: iterating over an index of texts is slow
    return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def bound(creator_id: UUID, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters of a statement: those given, the creator, and the course and run."""
    return {"creator_id": creator_id, **vars(level()), **parameters}


@lru_cache(maxsize=1_000)
def _parsed(statement: str) -> TextClause:
    """Finding the parameters of a long statement takes longer than many a query."""
    return text(statement)


@dataclass(frozen=True)
class _Filled:
    """A field of a row: whether it may be None, and whether it is a whole number."""

    name: str
    is_optional: bool
    is_whole: bool


@lru_cache(maxsize=1_000)
def _filled(row_type: type[Any]) -> tuple[_Filled, ...]:
    hints = get_type_hints(row_type)
    kinds = {field.name: get_args(hints[field.name]) or (hints[field.name],) for field in fields(row_type)}
    return tuple(_Filled(name, type(None) in kind, int in kind and float not in kind) for name, kind in kinds.items())


def _compare(row_type: type[Any], columns: list[str], filled: tuple[_Filled, ...]) -> None:
    names = [field.name for field in filled]
    if missing := set(names) - set(columns):
        raise UnlikeRows(f"{row_type.__name__}: no column {', '.join(sorted(missing))}")
    unexpected = set(columns) - set(names)
    if unexpected and not getattr(row_type, "takes_part", False):
        raise UnlikeRows(f"{row_type.__name__}: no field for the column {', '.join(sorted(unexpected))}")


def _values(column: "pd.Series[Any]", field: _Filled, row_type: type[Any]) -> list[Any]:
    values = column.tolist()
    if column.dtype.kind in "iub":
        return values
    if column.dtype.kind == "O" and any(isinstance(value, np.generic) for value in values):
        values = [value.item() if isinstance(value, np.generic) else value for value in values]
    if field.is_whole:
        _make_whole(values, field, row_type)
    missing = column.array.isna()  # of the array: `isna` of a column takes as long as reading a short one
    if missing.any():
        _empty(values, np.flatnonzero(missing).tolist(), field, row_type)
    return values


def _make_whole(values: list[Any], field: _Filled, row_type: type[Any]) -> None:
    """Whole floats become int: NULLs next to whole numbers turn them into floats."""
    for place, value in enumerate(values):
        if type(value) is float and value == value:
            if not value.is_integer():
                raise UnlikeRows(f"{row_type.__name__}: {field.name} is {value} in row {place}, no whole number")
            values[place] = int(value)


def _empty(values: list[Any], places: list[int], field: _Filled, row_type: type[Any]) -> None:
    if not field.is_optional:
        raise UnlikeRows(f"{row_type.__name__}: {field.name} is None in row {places[0]}")
    for place in places:
        values[place] = None
