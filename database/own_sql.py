"""Runs user-supplied SQL in the scope of one creator."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

import pandas as pd
from sqlalchemy import Connection, CursorResult, text
from sqlalchemy.dialects import postgresql
from sqlalchemy.exc import DBAPIError

from database.frames import bound
from database.tenancy import reading_together, reading_tx
from rules.errors import InputError

PREPARED = "own_sql"
# Only a query can appear inside brackets, and PREPARE takes one statement.
PREPARE = "prepare {name} as select * from (\n{statement}\n) as {name}"
DEALLOCATE = "deallocate {name}"
MAY_CHANGE_SOMETHING = text(
    """
    -- One row per function with one of these names that PostgreSQL considers to have side effects.
    select distinct lower(pg_proc.proname::text)
    from pg_catalog.pg_proc
    where
        pg_proc.provolatile = 'v'
        and lower(pg_proc.proname::text) = any(:names)
    order by lower(pg_proc.proname::text)
    """
)
NAME = re.compile(r"[a-z_][a-z0-9_]*")
LONGEST_NAME = 63  # bytes; PostgreSQL cuts off the rest
NUMBERED = postgresql.dialect(paramstyle="numeric_dollar")  # type: ignore[no-untyped-call]
DATE = 1082  # the type of a column, as the driver reports it


def own_sql(creator_id: UUID, statement: str, /, **parameters: Any) -> pd.DataFrame:
    """The rows of one SELECT about this creator as a DataFrame; date columns become datetime64.

    Read only, with the time limit of a page, at the current level and instant. `:name` is a parameter;
    `:creator_id`, `:course`, `:run` and `:course_id` are bound already. Raises InputError for anything but a single
    SELECT, for a volatile function such as `random`, wherever its name appears, and for what the database refuses.
    """
    query = _one_query(statement)
    numbered = text(query).compile(dialect=NUMBERED)
    values = _values(numbered.positiontup or [], creator_id, parameters)
    with reading_together(creator_id), reading_tx(creator_id) as connection:
        _refuse_effects(connection, query)
        try:
            with _prepared(connection, str(numbered)):
                return _answer(connection, values)
        except DBAPIError as error:
            if error.connection_invalidated:
                raise
            raise InputError(f"The database refuses the statement: {error.orig}.") from error


def _one_query(statement: str) -> str:
    """The statement without a final semicolon. Only a semicolon could begin a second one."""
    query = statement.strip().removesuffix(";")
    if ";" in query:
        raise InputError('The statement contains a ";"; write one SELECT, and pass texts as parameters.')
    if 'u&"' in query.lower():
        raise InputError('The statement contains a U&"…" name; write it without escapes.')
    return query


def _values(names: list[str], creator_id: UUID, parameters: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the statement's parameters, in the order of their numbers."""
    known = bound(creator_id, parameters)
    if missing := [name for name in names if name not in known]:
        raise InputError(f"The statement names :{missing[0]}, which has no value; add {missing[0]}=….")
    if unused := [name for name in parameters if name not in names]:
        raise InputError(f"The statement does not name :{unused[0]}; write it there, or leave it out.")
    return {name: known[name] for name in names}


def _refuse_effects(connection: Connection, query: str) -> None:
    """A function can only be called by name, and only a volatile one can change a setting, or run SQL from a text.

    `set_config` would open another creator's rows, so every word is looked up, whatever it is used for. No operator,
    cast or type is volatile: a test checks the catalogue.
    """
    names = {name[:LONGEST_NAME] for name in NAME.findall(query.lower())}
    if found := connection.execute(MAY_CHANGE_SOMETHING, {"names": sorted(names)}).scalars().first():
        raise InputError(
            f'"{found}" may not stand in the statement: a function of this name may change something. '
            "If it is a text that you look for, hand it over as a parameter."
        )


@contextmanager
def _prepared(connection: Connection, numbered: str) -> Iterator[None]:
    """The parameters stay numbers in the statement, so that no value can become part of it."""
    with connection.begin_nested():
        connection.exec_driver_sql(
            PREPARE.format(name=PREPARED, statement=numbered), execution_options={"no_parameters": True}
        )
    try:
        yield
    finally:
        connection.exec_driver_sql(DEALLOCATE.format(name=PREPARED))


def _answer(connection: Connection, values: Mapping[str, Any]) -> pd.DataFrame:
    """The rows; the transaction is left as it was before."""
    listed = f" ({', '.join(f':{name}' for name in values)})" if values else ""
    before = connection.begin_nested()
    try:
        return _frame(connection.execute(text(f"execute {PREPARED}{listed}"), values))
    finally:
        before.rollback()


def _frame(answer: CursorResult[Any]) -> pd.DataFrame:
    columns = list(answer.cursor.description) if answer.cursor else []
    rows = pd.DataFrame.from_records([tuple(row) for row in answer.all()], columns=list(answer.keys()))
    for place, (column, _) in enumerate(rows.items()):
        if columns[place][1] == DATE:
            rows[column] = pd.to_datetime(rows[column])
    return rows
