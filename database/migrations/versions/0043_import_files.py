"""Files of rows that a browser sends, mappings that are saved, and what becomes of both."""

from database.sql_files import run_sql_files

revision = "0043"
down_revision = "0042"


def upgrade() -> None:
    run_sql_files(["0043_import_files.sql"])
