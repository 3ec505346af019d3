"""What lists ask of a student's enrolments stands beside the student's sums."""

from database.sql_files import run_sql_files

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    run_sql_files(["0027_enrolled_students.sql"])
