"""Each account's choice of a course is remembered."""

from database.sql_files import run_sql_files

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    run_sql_files(["0031_chosen_courses.sql"])
