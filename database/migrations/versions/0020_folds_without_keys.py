"""Folds and sums without foreign keys to creators."""

from database.sql_files import run_sql_files

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    run_sql_files(["0020_folds_without_keys.sql"])
