"""Instants of the source tables lie between 1990 and 2100; rows that break this are kept apart, whole."""

from database.sql_files import run_sql_files

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    run_sql_files(["0018_refused_rows.sql"])
