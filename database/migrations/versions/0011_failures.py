"""What failed and was left out while the rest went on."""

from database.sql_files import run_sql_files

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    run_sql_files(["0011_failures.sql"])
