"""Statements and documents of xAPI, and keys for them."""

from database.sql_files import run_sql_files

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    run_sql_files(["0044_xapi.sql"])
