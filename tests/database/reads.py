"""What a refresh reads, by relation and index."""

from uuid import UUID

from sqlalchemy import Connection, text

from database.refresh import MOST_KEYS, PORTION
from database.tenancy import tenant_tx

READ = text(
    """
    -- By this connection: index entries read, and table rows scanned.
    select
        relname,
        pg_stat_get_xact_tuples_returned(oid) as rows_read
    from pg_class
    where
        relnamespace = 'public'::regnamespace
        and relkind in ('r', 'i')
        and pg_stat_get_xact_tuples_returned(oid) > 0
    """
)


def read_by_a_portion(creator_id: UUID) -> dict[str, int]:
    """What one portion that folds the noted changes reads."""
    with tenant_tx(creator_id, limit_seconds=60) as connection:
        # With few rows the planner scans them all rather than using the index; a session keeps its earlier plan.
        connection.exec_driver_sql("set local enable_seqscan = off")
        connection.exec_driver_sql("discard plans")
        before = _read_so_far(connection)
        asked = {"creator_id": creator_id, "most_keys": MOST_KEYS, "most_students": 0}
        assert connection.execute(PORTION, asked).one().keys_done > 0
        return {name: rows - before.get(name, 0) for name, rows in _read_so_far(connection).items()}


def _read_so_far(connection: Connection) -> dict[str, int]:
    return {row.relname: row.rows_read for row in connection.execute(READ)}
