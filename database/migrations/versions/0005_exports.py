"""Exports as jobs: who asked for one, how far it is, which file it became."""

from database.sql_files import run_sql_files

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    run_sql_files(["0005_exports.sql"])
