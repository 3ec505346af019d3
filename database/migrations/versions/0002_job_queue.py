"""The tables of the job queue, as its package shipped them then; a test says when it ships others."""

from database.sql_files import run_sql_files

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    run_sql_files(["0002_job_queue.sql"])
