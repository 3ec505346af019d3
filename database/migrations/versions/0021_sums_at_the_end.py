"""A generation's rows of students first, by several connections; its sums at the end, slice by slice."""

from database.sql_files import run_sql_files

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    run_sql_files(["0021_sums_at_the_end.sql"])
