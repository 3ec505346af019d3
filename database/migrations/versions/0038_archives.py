"""Archives of old chats and activity logs, and the closed rows that figures are made of."""

from database.sql_files import run_sql_files

revision = "0038"
down_revision = "0037"


def upgrade() -> None:
    run_sql_files(["0038_archives.sql"])
