"""Keys of programs; marks of enrolments and uploads, which show at the next request."""

from database.sql_files import run_sql_files

revision = "0009"
down_revision = "0008"


def upgrade() -> None:
    run_sql_files(["0009_api_keys.sql", "0009_arrivals.sql"])
