"""What is watched: its folds and sums, editions of a video's file, the natural key of a segment."""

from database.sql_files import run_sql_files

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    run_sql_files(["0013_watching.sql"])
