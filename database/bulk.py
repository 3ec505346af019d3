"""Load many rows at once: COPY into a staging table, then one insert under row level security."""

import io
import math
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import datetime
from typing import Any

import psycopg2.sql as sql
from sqlalchemy import Connection

ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})

ROWS_WORTH_MEASURING = 1_000

STAGE = "create temporary table {staging} on commit drop as select {columns} from {table} with no data"
COPY = "copy {staging} ({columns}) from stdin"
INSERT = """
    insert into {table} ({columns})
    select {columns}
    from {staging}
    on conflict ({key}) do {resolution}
"""
UPDATE = "update set {assignments} where ({current}) is distinct from ({proposed})"


def upsert_rows(
    connection: Connection,
    table: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    key: Sequence[str] = ("creator_id", "id"),
) -> int:
    """Insert the rows, update those whose key exists and differs; the number of rows changed.

    `connection` comes from `tenant_tx`: rows of another creator are refused. COPY itself cannot
    run under row level security, so the rows pass through a temporary table of the login role.
    """
    names = {
        "table": sql.Identifier(table),
        "staging": sql.Identifier(f"staging_{table}"),
        "columns": sql.SQL(", ").join(map(sql.Identifier, columns)),
        "key": sql.SQL(", ").join(map(sql.Identifier, key)),
        "resolution": _resolution(table, [column for column in columns if column not in key]),
    }
    with closing(connection.connection.cursor()) as raw:
        cursor: Any = raw  # the driver's own cursor, for COPY
        cursor.execute("set local role none")
        cursor.execute(sql.SQL(STAGE).format(**names))
        cursor.copy_expert(sql.SQL(COPY).format(**names), _Lines(rows))
        cursor.execute(sql.SQL("grant select on {staging} to dashboard_app").format(**names))
        cursor.execute("set local role dashboard_app")
        cursor.execute(sql.SQL(INSERT).format(**names))
        changed = int(cursor.rowcount)
        cursor.execute("set local role none")
        if changed > ROWS_WORTH_MEASURING:
            # Without new statistics the refresh that follows a load plans for an empty table: 56 s instead of 1.
            cursor.execute(sql.SQL("analyze {table}").format(**names))
        cursor.execute(sql.SQL("drop table {staging}").format(**names))
        cursor.execute("set local role dashboard_app")
    return changed


def _resolution(table: str, columns: Sequence[str]) -> sql.Composable:
    if not columns:
        return sql.SQL("nothing")
    proposed = [sql.Identifier("excluded", column) for column in columns]
    return sql.SQL(UPDATE).format(
        assignments=sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(column), value)
            for column, value in zip(columns, proposed, strict=True)
        ),
        current=sql.SQL(", ").join(sql.Identifier(table, column) for column in columns),
        proposed=sql.SQL(", ").join(proposed),
    )


class _Lines(io.TextIOBase):
    """Rows as the text that COPY reads, made while it reads: memory stays bounded."""

    def __init__(self, rows: Iterable[Sequence[Any]]) -> None:
        self._lines = _lines(rows)
        self._rest = ""

    def read(self, size: int | None = -1) -> str:
        wanted = size if size is not None and size >= 0 else math.inf
        parts, length = [self._rest], len(self._rest)
        while length < wanted and (line := next(self._lines, None)) is not None:
            parts.append(line)
            length += len(line)
        text = "".join(parts)
        taken = len(text) if wanted is math.inf else int(wanted)
        self._rest = text[taken:]
        return text[:taken]


def _lines(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    for row in rows:
        yield "\t".join(map(_field, row)) + "\n"


def _field(value: Any) -> str:
    if value is None or value != value:  # NaN and NaT differ from themselves
        return "\\N"
    if isinstance(value, str):
        return value.translate(ESCAPES)
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return _array(value).translate(ESCAPES)
    return str(value)


def _array(values: Sequence[Any]) -> str:
    quoted = (str(value).replace("\\", "\\\\").replace('"', '\\"') for value in values)
    return "{" + ",".join(f'"{value}"' for value in quoted) + "}"
