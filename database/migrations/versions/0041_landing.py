"""Imports: what was read, what was refused, and which import a row is from."""

from database.sql_files import run_sql_files

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    run_sql_files(["0041_imports.sql", "0041_rows_of_imports.sql"])
