"""Folds and sums: what all of them stand on."""

from database.sql_files import run_sql_files

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    run_sql_files(["0012_core.sql"])
