"""Gaps between the days on which students were seen, so that people are counted by sums of days."""

from database.sql_files import run_sql_files

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    run_sql_files(["0025_gaps_between_days.sql"])
