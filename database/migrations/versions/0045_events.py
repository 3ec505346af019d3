"""Receipts of events, how alive each door of sources is, and keys that send events."""

from database.sql_files import run_sql_files

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    run_sql_files(["0045_events.sql"])
