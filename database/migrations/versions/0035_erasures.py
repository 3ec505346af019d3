"""A receipt for each student who was erased."""

from database.sql_files import run_sql_files

revision = "0035"
down_revision = "0032"


def upgrade() -> None:
    run_sql_files(["0035_erasures.sql"])
