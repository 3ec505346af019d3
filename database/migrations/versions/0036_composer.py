"""Drafts of announcements, versions of what is edited, invitations that are sent again or withdrawn."""

from database.sql_files import run_sql_files

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    run_sql_files(["0036_composer.sql"])
