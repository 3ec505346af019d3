"""Video files that a browser sends in parts, what was found in them, and whether students may watch them."""

from database.sql_files import run_sql_files

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    run_sql_files(["0033_uploads.sql"])
