"""Runs of reports: for which creators staff asked at once."""

from database.sql_files import run_sql_files

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    run_sql_files(["0008_report_runs.sql"])
