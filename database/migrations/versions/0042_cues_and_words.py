"""When the lines of a transcript are said, and the words that find a question."""

from database.sql_files import run_sql_files

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    run_sql_files(["0042_cues_and_words.sql"])
