"""Progress is updated in place, and nothing keeps an index by time that nobody reads."""

from database.sql_files import run_sql_files

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    run_sql_files(["0024_progress_in_place.sql"])
