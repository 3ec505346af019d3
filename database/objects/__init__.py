"""The views, functions and triggers as they are now, applied from here after every upgrade.

A revision and the files it runs never change after their release, so an edit here reaches a fresh database
and one with years of data in the same way. What `create or replace` cannot do (drop an object, change a
function's result or a view's columns) needs a revision that drops the old one.
"""

import hashlib
from functools import lru_cache

from sqlalchemy import Connection, text

from database.sql_files import DATABASE_DIR, run_files

OBJECTS = DATABASE_DIR / "objects"

# In the order in which they name each other.
FILES = (
    "functions/clock_and_tenant.sql",
    "functions/question_key.sql",
    "core/changes.sql",
    "core/levels.sql",
    "core/totals.sql",
    "relations/daily_active_users.sql",
    "relations/shown_student_totals.sql",
    "relations/student_engagement_tiers.sql",
    "relations/creator_analytics_cache.sql",
    "core/watching.sql",
    "core/furthest.sql",
    "core/video_analytics.sql",
    "core/activity.sql",
    "core/chat.sql",
    "core/question_editions.sql",
    "core/quiz_attempts.sql",
    "core/first_answers.sql",
    "core/quizzes.sql",
    "core/failures.sql",
    "core/activity_keys.sql",
    "core/visits.sql",
    "core/rows_to_come.sql",
    "core/portions.sql",
    "core/refresh.sql",
    "core/deleted_creators.sql",
    "triggers/digest_choice.sql",
    "triggers/courses.sql",
)

# The comment of one of the objects says which edition of all of them is in the database.
APPLIED = text("select obj_description(to_regprocedure('dashboard_now()'), 'pg_proc')")


def apply_objects(connection: Connection) -> None:
    """Create or replace every object, unless the database has this very edition; needs the newest revision."""
    if connection.execute(APPLIED).scalar_one() == edition_of_objects():
        return
    run_files(connection, (OBJECTS / name for name in FILES))
    connection.exec_driver_sql(f"comment on function dashboard_now() is '{edition_of_objects()}'")


@lru_cache(maxsize=1)
def edition_of_objects() -> str:
    """Changes with every character of the files."""
    told = hashlib.sha256()
    for name in FILES:
        told.update((OBJECTS / name).read_bytes())
    return f"objects {told.hexdigest()}"
