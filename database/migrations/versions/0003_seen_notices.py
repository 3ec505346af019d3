"""Which notices an account has looked at."""

from database.sql_files import run_sql_files

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    run_sql_files(["0003_seen_notices.sql"])
