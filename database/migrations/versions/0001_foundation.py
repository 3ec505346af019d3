"""Source tables, the dashboard's own tables, rollups, roles and policies."""

from database.sql_files import run_sql_files

revision = "0001"
down_revision = None


def upgrade() -> None:
    run_sql_files(
        [
            "migrations/sql/0001_roles.sql",
            "migrations/sql/0001_sources.sql",
            "migrations/sql/0001_own_tables.sql",
            "migrations/sql/0001_rollups.sql",
            "rollups/signs_of_life.sql",
            "rollups/started_videos.sql",
            "rollups/watched_pairs.sql",
            "rollups/questions_asked.sql",
            "rollups/student_engagement_tiers.sql",
            "rollups/daily_active_users.sql",
            "rollups/video_analytics.sql",
            "rollups/most_asked_questions.sql",
            "rollups/creator_analytics_cache.sql",
            "rollups/refresh.sql",
            "migrations/sql/0001_stale_marks.sql",
            "migrations/sql/0001_policies.sql",
            "migrations/sql/0001_grants.sql",
        ]
    )
