"""Courses, their runs, and who is enrolled in which."""

from database.sql_files import run_sql_files

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    run_sql_files(["0026_courses.sql"])
