"""The rollups that were recomputed whole give way to folds and sums."""

from database.sql_files import run_sql_files

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    run_sql_files(["0019_old_rollups_go.sql"])
