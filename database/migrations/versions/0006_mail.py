"""Mail: what is to be sent and what became of it, who wants none, when the weekly digests are due."""

from database.sql_files import run_sql_files

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    run_sql_files(["0006_mail.sql"])
