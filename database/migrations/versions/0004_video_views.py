"""When each view of a video began, so that the library can count those of the last days."""

from database.sql_files import run_sql_files

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    run_sql_files(["0004_video_views.sql", "0004_video_views_kept.sql"])
