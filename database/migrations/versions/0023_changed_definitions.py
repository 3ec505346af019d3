"""Who was there before figures were defined anew; instants of editions and verdicts lie between 1990 and 2100."""

from database.sql_files import run_sql_files

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    run_sql_files(["0023_definitions_changed_at.sql", "0023_instants_of_editions.sql"])
