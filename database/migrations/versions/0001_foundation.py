"""Source tables, the dashboard's own tables, rollups, roles and policies."""

from database.sql_files import run_sql_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql_files(
        [
            "0001_roles.sql",
            "0001_sources.sql",
            "0001_own_tables.sql",
            "0001_rollups.sql",
            "0001_signs_of_life.sql",
            "0001_started_videos.sql",
            "0001_watched_pairs.sql",
            "0001_questions_asked.sql",
            "0001_student_engagement_tiers.sql",
            "0001_daily_active_users.sql",
            "0001_video_analytics.sql",
            "0001_most_asked_questions.sql",
            "0001_creator_analytics_cache.sql",
            "0001_refresh.sql",
            "0001_stale_marks.sql",
            "0001_policies.sql",
            "0001_grants.sql",
        ]
    )
