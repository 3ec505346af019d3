"""Reports for many creators take every period that fits all of them, and what it is compared with."""

from database.sql_files import run_sql_files

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    run_sql_files(["0032_any_period_of_reports.sql"])
