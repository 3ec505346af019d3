"""A database as an earlier release left it: one of its revisions, with demo data in it.

`rows.json.gz` contains what the first release (revision 0009) wrote on 2 March 2026: three demo creators with 29
students, and the mails, exports, invitations, announcements and keys that its own commands created for them. It is
never written again: anyone who changes the schema sees here what happens to rows that are years old.
"""

import gzip
import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, text

from database.engine import engine
from database.migrate import migrate

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007", "0008", "0009", "0010", "0011")
ROWS = Path(__file__).with_name("rows.json.gz")

COLUMNS = text(
    """
    -- One row per column that can be written.
    select column_name
    from information_schema.columns
    where
        table_schema = 'public'
        and table_name = :table
        and is_generated = 'NEVER'
    """
)


def a_released_database(revision: str) -> None:
    """Bring the empty current database to this revision, and write the rows of those tables that it has."""
    migrate(revision)
    write_released_rows()


def write_released_rows() -> None:
    """As the superuser that the tests sign in as; columns that the schema does not have are left out."""
    with engine().begin() as connection:
        for table, content in released_rows().items():
            _write(connection, table, content["columns"], content["rows"])


@lru_cache(maxsize=1)
def released_rows() -> dict[str, dict[str, list[Any]]]:
    """Table -> its columns and rows, parents before children."""
    found: dict[str, dict[str, list[Any]]] = json.loads(gzip.decompress(ROWS.read_bytes()))
    return found


def _write(connection: Connection, table: str, columns: list[str], rows: list[list[Any]]) -> None:
    present = set(connection.execute(COLUMNS, {"table": table}).scalars())
    known = ", ".join(column for column in columns if column in present)
    if not known:
        return
    found = [dict(zip(columns, row, strict=True)) for row in rows]
    if (
        table == "chat_messages"
    ):  # in the order they were said: since revision 0015 each is the next of its conversation
        found.sort(key=lambda row: (row["created_at"], row["role"] == "assistant", row["id"]))
    records = json.dumps(found)
    statement = f"""
        insert into {table} ({known})
        select {known}
        from jsonb_populate_recordset(cast(null as {table}), cast(:records as jsonb))
    """
    connection.execute(text(statement), {"records": records})
