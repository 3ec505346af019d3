"""Statements that read and write many rows of a relation at once, given as one array for each column."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, TextClause, text

from sources.landing.relations import Column, Key, Relation, Values

IMPORT = Column("import_number", "integer")


def known_rows(connection: Connection, creator_id: UUID, relation: Relation, keys: Sequence[Key]) -> list[Any]:
    """The rows with these keys: key, columns, fixed columns and the import that wrote them last."""
    if not keys:
        return []
    asked = {"creator_id": creator_id, **_arrays(relation.key, keys)}
    places = _read_as_tuples(relation)
    rows = connection.execute(_known(relation), asked).all()
    return [_with_tuples(row, places) for row in rows] if places else list(rows)


def insert(
    connection: Connection, creator_id: UUID, relation: Relation, columns: Sequence[Column], rows: Sequence[Values]
) -> None:
    """Insert rows whose keys are new; `columns` names their values."""
    if rows:
        connection.execute(_insert(relation.name, tuple(columns)), {"creator_id": creator_id, **_arrays(columns, rows)})


def update(connection: Connection, creator_id: UUID, relation: Relation, rows: Sequence[Sequence[Any]]) -> None:
    """Replace the columns of rows: key, columns and the import that writes them."""
    columns = (*relation.key, *relation.columns, IMPORT)
    if rows:
        connection.execute(_update(relation), {"creator_id": creator_id, **_arrays(columns, rows)})


def delete(connection: Connection, creator_id: UUID, relation: Relation, keys: Sequence[Key]) -> int:
    """Delete the rows with these keys; returns how many there were."""
    if not keys:
        return 0
    return connection.execute(_delete(relation), {"creator_id": creator_id, **_arrays(relation.key, keys)}).rowcount


def rows_of_import(
    connection: Connection, creator_id: UUID, relation: Relation, number: int, after: Key | None, most: int
) -> list[Key]:
    """The keys of rows that this import wrote last, in order, after a key."""
    asked: dict[str, Any] = {"creator_id": creator_id, "number": number, "most": most}
    if after is not None:
        asked |= {column.name: value for column, value in zip(relation.key, after, strict=True)}
    return [tuple(row) for row in connection.execute(_of_import(relation, after is not None), asked)]


def set_import(connection: Connection, creator_id: UUID, relation: Relation, rows: Sequence[Sequence[Any]]) -> None:
    """Give rows to other imports: key and number."""
    if rows:
        columns = (*relation.key, IMPORT)
        connection.execute(_set_import(relation), {"creator_id": creator_id, **_arrays(columns, rows)})


def array(type_name: str, values: Iterable[Any]) -> str:
    """An array as PostgreSQL reads it; lists inside it are JSON texts."""
    write = WRITERS.get(type_name, str)
    return "{" + ",".join(["NULL" if value is None else write(value) for value in values]) + "}"


def _arrays(columns: Sequence[Column], rows: Sequence[Sequence[Any]]) -> dict[str, str]:
    return {
        column.name: array(column.type, values) for column, values in zip(columns, zip(*rows, strict=True), strict=True)
    }


def _quoted(value: str) -> str:
    return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _json(value: Sequence[Any]) -> str:
    return _quoted(json.dumps(list(value)))


WRITERS: dict[str, Callable[[Any], str]] = {
    "text": _quoted,
    "text[]": _json,
    "jsonb": _json,
    "timestamptz": datetime.isoformat,
    "uuid": lambda value: f"{value.int:032x}",
}
SENT_AS = {"text[]": "text", "jsonb": "text"}


def _sent(column: Column) -> str:
    return f"cast(:{column.name} as {SENT_AS.get(column.type, column.type)}[])"


def _value(column: Column, table: str = "given") -> str:
    name = f"{table}.{column.name}"
    if column.type == "jsonb":
        return f"{name}::jsonb"
    if column.type == "text[]":
        return f"array(select jsonb_array_elements_text({name}::jsonb))"
    return name


def _given(columns: Sequence[Column], indent: str = "        ") -> str:
    sent = f",\n{indent}".join(map(_sent, columns))
    names = ", ".join(column.name for column in columns)
    return f"unnest(\n{indent}{sent}\n{indent[4:]}) as given ({names})"


def _read_as_tuples(relation: Relation) -> list[int]:
    columns = (*relation.key, *relation.columns)
    return [place for place, column in enumerate(columns) if column.type in SENT_AS]


def _with_tuples(row: Sequence[Any], places: Sequence[int]) -> list[Any]:
    values = list(row)
    for place in places:
        values[place] = tuple(values[place])
    return values


@lru_cache(maxsize=100)
def _known(relation: Relation) -> TextClause:
    columns = (*relation.key, *relation.columns, *relation.fixed, IMPORT)
    read = ",\n    ".join(f"{relation.name}.{column.name}" for column in columns)
    same = "\n        and ".join(f"{relation.name}.{column.name} = given.{column.name}" for column in relation.key)
    return text(
        f"""
select
    {read}
from {_given(relation.key)}
join {relation.name}
    on
        {relation.name}.creator_id = :creator_id
        and {same}
"""
    )


@lru_cache(maxsize=100)
def _insert(table: str, columns: tuple[Column, ...]) -> TextClause:
    names = ", ".join(column.name for column in columns)
    values = ",\n    ".join(map(_value, columns))
    return text(
        f"""
insert into {table} (creator_id, {names})
select
    :creator_id,
    {values}
from {_given(columns)}
"""
    )


@lru_cache(maxsize=100)
def _update(relation: Relation) -> TextClause:
    columns = (*relation.columns, IMPORT)
    assigned = ",\n    ".join(f"{column.name} = {_value(column)}" for column in columns)
    same = "\n    and ".join(f"{relation.name}.{column.name} = given.{column.name}" for column in relation.key)
    return text(
        f"""
update {relation.name}
set
    {assigned}
from {_given((*relation.key, *columns))}
where
    {relation.name}.creator_id = :creator_id
    and {same}
"""
    )


@lru_cache(maxsize=100)
def _delete(relation: Relation) -> TextClause:
    same = "\n    and ".join(f"{relation.name}.{column.name} = given.{column.name}" for column in relation.key)
    return text(
        f"""
delete from {relation.name}
using {_given(relation.key)}
where
    {relation.name}.creator_id = :creator_id
    and {same}
"""
    )


@lru_cache(maxsize=100)
def _of_import(relation: Relation, is_after: bool) -> TextClause:
    names = [column.name for column in relation.key]
    read = ",\n    ".join(names)
    after = ", ".join(f":{name}" for name in names)
    beyond = f"\n    and ({', '.join(names)}) > ({after})" if is_after else ""
    return text(
        f"""
select
    {read}
from {relation.name}
where
    creator_id = :creator_id
    and import_number = :number{beyond}
order by
    {read}
limit :most
"""
    )


@lru_cache(maxsize=100)
def _set_import(relation: Relation) -> TextClause:
    same = "\n    and ".join(f"{relation.name}.{column.name} = given.{column.name}" for column in relation.key)
    return text(
        f"""
update {relation.name}
set import_number = given.import_number
from {_given((*relation.key, IMPORT))}
where
    {relation.name}.creator_id = :creator_id
    and {same}
"""
    )
