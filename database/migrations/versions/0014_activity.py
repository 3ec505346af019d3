"""Folds and sums of activity: days of students, visits, hours of a day."""

from database.sql_files import run_sql_files

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    run_sql_files(["0014_activity.sql"])
