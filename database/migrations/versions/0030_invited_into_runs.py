"""Invitations say into which run of a course."""

from database.sql_files import run_sql_files

revision = "0030"
down_revision = "0027"


def upgrade() -> None:
    run_sql_files(["0030_invited_into_runs.sql"])
