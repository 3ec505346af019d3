"""A further type of export: who finished, and when."""

from database.sql_files import run_sql_files

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    run_sql_files(["0037_people_who_finished.sql"])
