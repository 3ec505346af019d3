"""What failed and was left out while the rest went on."""

from database.sql_files import run_sql_files

revision = "0011"
down_revision = "0009"


def upgrade() -> None:
    run_sql_files(["migrations/sql/0011_failures.sql"])
