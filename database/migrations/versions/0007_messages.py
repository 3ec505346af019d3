"""What the mails are about: digests, announcements, invitations, alerts."""

from database.sql_files import run_sql_files

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    run_sql_files(["0007_messages.sql"])
