"""Load many rows at once: COPY into a staging table, then one insert under row level security."""

import io
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

import psycopg2
import psycopg2.sql as sql
import pyarrow as pa
from pyarrow import csv
from sqlalchemy import Connection, text

from database.instants import BETWEEN, is_taken
from rules.errors import InputError

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

ROWS_WORTH_MEASURING = 1_000

STAGE = "create temporary table {staging} on commit drop as select {columns} from {table} with no data"
COPY = "copy {staging} ({columns}) from stdin"
COPY_CSV = "copy {staging} ({columns}) from stdin (format csv)"
BYTES_PER_READ = 1 << 20
INSERT_NEW = """
    insert into {table} (creator_id, {columns})
    select
        {creator_id}::uuid,
        {columns}
    from {staging}
"""
INSERT = """
    insert into {table} ({columns})
    select {values}
    from {staging}
    {grouping}
    on conflict ({key}) do {resolution}
"""
NOTE_REBUILD = text("select note_rebuild(:creator_id)")
UPDATE = "update set {assignments} where ({current}) is distinct from ({proposed})"

# Of two rows with the same key, the one with the greater value in this column says more.
GREATEST = {"watch_segments": "end_second"}


def upsert_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    key: Sequence[str] = ("creator_id", "id"),
) -> int:
    """Insert the rows, update existing ones that differ; returns the number of rows changed.

    A playback segment that is sent again, among the rows or later, keeps its later end.

    `connection` comes from `tenant_tx`: rows of another creator are refused. COPY itself cannot
    run under row level security, so the rows pass through a temporary table of the login role.
    Raises InputError for a time that source tables do not allow.
    """
    names = {
        "table": sql.Identifier(table),
        "staging": sql.Identifier(f"staging_{table}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "values": sql.SQL(", ").join(_value(table, column) for column in columns),
        "grouping": _grouping(table, key),
        "resolution": _resolution(table, [column for column in columns if column not in key]),
    }
    with _staged(connection, names, COPY, _Lines(_lines(table, columns, rows))) as cursor:
        cursor.execute(sql.SQL(INSERT).format(**names))
        changed = int(cursor.rowcount)
        if changed > ROWS_WORTH_MEASURING:
            # Without new statistics, the refresh after a load plans for an empty table: 56 s instead of 1.
            cursor.execute("set local role none")
            cursor.execute(sql.SQL("analyze {table}").format(**names))
    return changed


def insert_columns(connection: Connection, creator_id: UUID, table: str, columns: Mapping[str, pa.Array]) -> int:
    """Insert new rows of one creator, given column by column; returns their number.

    The fastest way in: Python never holds a row. `connection` comes from `tenant_tx`, and the table must be
    analyzed afterwards. Raises psycopg2.errors.UniqueViolation for a row that already exists.
    """
    names = {
        "table": sql.Identifier(table),
        "staging": sql.Identifier(f"staging_{table}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "creator_id": sql.Literal(str(creator_id)),
    }
    lines = io.BytesIO()
    csv.write_csv(pa.table(dict(columns)), lines, csv.WriteOptions(include_header=False))
    lines.seek(0)
    with _staged(connection, names, COPY_CSV, lines) as cursor:
        cursor.execute(sql.SQL(INSERT_NEW).format(**names))
        return int(cursor.rowcount)


def rebuilt_afterwards(connection: Connection, creator_id: UUID) -> None:
    """Note one rebuild of the creator's figures instead of every key that the rest of the transaction inserts.

    For loads after which most figures are new: the old ones are shown until the rebuild is done. `connection`
    comes from `tenant_tx`. Changes and deletions are noted as usual.
    """
    connection.execute(NOTE_REBUILD, {"creator_id": creator_id})


@contextmanager
def _staged(connection: Connection, names: Mapping[str, sql.Composable], copy: str, lines: Any) -> Iterator[Any]:
    """A cursor of the application role, with a temporary table that holds these lines."""
    with closing(connection.connection.cursor()) as raw:
        cursor: Any = raw  # the driver's own cursor, for COPY
        cursor.execute("set local role none")
        cursor.execute(sql.SQL(STAGE).format(**names))
        try:
            cursor.copy_expert(sql.SQL(copy).format(**names), lines, BYTES_PER_READ)
        except psycopg2.Error:
            if isinstance(lines, _Lines) and lines.error:  # the driver would report it as a COPY that ended early
                raise lines.error from None
            raise
        cursor.execute(sql.SQL("grant select on {staging} to dashboard_app").format(**names))
        cursor.execute("set local role dashboard_app")
        yield cursor
        cursor.execute("set local role none")
        cursor.execute(sql.SQL("drop table {staging}").format(**names))
        cursor.execute("set local role dashboard_app")


def _value(table: str, column: str) -> sql.Composable:
    return sql.SQL("max({})" if GREATEST.get(table) == column else "{}").format(sql.Identifier(column))


def _grouping(table: str, key: Sequence[str]) -> sql.Composable:
    if table not in GREATEST:
        return sql.SQL("")
    return sql.SQL("group by {}").format(sql.SQL(", ").join(map(sql.Identifier, key)))


def _resolution(table: str, columns: Sequence[str]) -> sql.Composable:
    if not columns:
        return sql.SQL("nothing")
    proposed = [_proposed(table, column) for column in columns]
    return sql.SQL(UPDATE).format(
        assignments=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), value)
            for column, value in zip(columns, proposed, strict=True)
        ),
        current=sql.SQL(", ").join(sql.Identifier(table, column) for column in columns),
        proposed=sql.SQL(", ").join(proposed),
    )


def _proposed(table: str, column: str) -> sql.Composable:
    proposed = sql.Identifier("excluded", column)
    if GREATEST.get(table) != column:
        return proposed
    return sql.SQL("greatest({}, {})").format(sql.Identifier(table, column), proposed)


class _Lines(io.TextIOBase):
    """Rows as the text that COPY reads, generated on the fly: memory stays bounded."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self._rest = ""
        self.error: InputError | None = None

    def read(self, size: int | None = -1) -> str:
        wanted = size if size is not None and size >= 0 else math.inf
        parts, length = [self._rest], len(self._rest)
        while length < wanted and (line := self._next_line()) is not None:
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        taken = len(text) if wanted is math.inf else int(wanted)
        self._rest = text[taken:]
        return text[:taken]

    def _next_line(self) -> str | None:
        try:
            return next(self._lines, None)
        except InputError as error:
            self.error = error
            raise


def _lines(table: str, columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        try:
            yield "\t".join([FIELDS.get(type(value), _field)(value) for value in row]) + "\n"
        except _NotTaken as error:  # the database's constraint would name a column, but no value
            column = columns[next(place for place, value in enumerate(row) if value is error.instant)]
            raise InputError(
                f"{table}.{column} is {error.instant.isoformat()}; it takes an instant {BETWEEN}."
            ) from None


class _NotTaken(ValueError):
    """A time that source tables do not allow."""

    def __init__(self, instant: datetime) -> None:
        self.instant = instant


def _field(value: Any) -> str:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return "\\N"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, datetime):
        return _instant(value)
    if isinstance(value, (list, tuple)):
        return _text(_array(value))
    return str(value)


def _text(value: str) -> str:
    # Searching for four characters takes a tenth of the time of translating, and most texts contain none of them.
    if "\\" in value or "\t" in value or "\n" in value or "\r" in value:
        return value.translate(ESCAPES)
    return value


def _instant(value: datetime) -> str:
    if not is_taken(value):
        raise _NotTaken(value)
    return value.isoformat()


def _array(values: Sequence[Any]) -> str:
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"


# By type, because there are millions of values; all others are inspected.
FIELDS: dict[type, Callable[[Any], str]] = {
    str: _text,
    UUID: lambda value: f"{value.int:032x}",
    datetime: _instant,
    int: str,
    bool: str,
}
