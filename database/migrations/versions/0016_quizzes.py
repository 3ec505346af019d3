"""Quizzes: folds and sums, editions of a question, and answers that are marked again."""

from database.sql_files import run_sql_files

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    run_sql_files(["0016_quizzes.sql"])
