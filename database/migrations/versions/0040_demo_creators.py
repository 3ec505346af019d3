"""Creators of the demo are marked as such."""

from database.sql_files import run_sql_files

revision = "0040"
down_revision = "0038"


def upgrade() -> None:
    run_sql_files(["0040_demo_creators.sql"])
