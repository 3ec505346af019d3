"""Names and titles are found by the beginnings of their words, and sorted, without accents, case and form."""

from database.sql_files import run_sql_files

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    run_sql_files(["0034_letters.sql", "0034_search.sql"])
