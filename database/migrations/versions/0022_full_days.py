"""Full days are read in one go."""

from database.sql_files import run_sql_files

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    run_sql_files(["0022_full_days.sql"])
