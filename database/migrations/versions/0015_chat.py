"""The chat in the core: messages in order, questions by what they ask, their folds and sums."""

from database.sql_files import run_sql_files

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    run_sql_files(["0015_question_key.sql", "0015_chat.sql"])
