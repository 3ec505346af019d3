"""A further type of export: who finished, and when."""

from database.sql_files import run_sql_files

revision = "0038"
down_revision = "0035"


def upgrade() -> None:
    run_sql_files(["0038_people_who_finished.sql"])
