"""What lists of students are sorted and described by."""

from database.sql_files import run_sql_files

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    run_sql_files(["0017_students.sql"])
