"""The current views, functions and triggers, applied from here after every upgrade.

A revision and the files it runs never change after their release, so an edit here reaches a fresh database
and one with years of data in the same way. What `create or replace` cannot do (drop an object, change a
function's result or a view's columns) needs a revision that drops the old one.
"""

import hashlib
from functools import lru_cache

from sqlalchemy import Connection, text

from database.sql_files import DATABASE_DIR, run_files

OBJECTS = DATABASE_DIR / "objects"

# In dependency order.
FILES = (
    "functions/clock_and_tenant.sql",
    "functions/day_start.sql",
    "functions/question_key.sql",
    "core/changes.sql",
    "core/marks/watching.sql",
    "core/marks/activity.sql",
    "core/marks/quizzes.sql",
    "core/marks/students_and_videos.sql",
    "core/marks/creators.sql",
    "core/archive/every_row.sql",
    "core/archive/closed_keys.sql",
    "core/levels/levels_of.sql",
    "core/levels/members.sql",
    "core/levels/items.sql",
    "core/levels/note_levels.sql",
    "core/levels/note_enrolments.sql",
    "core/totals/shown_generations.sql",
    "core/totals/fold_students.sql",
    "core/totals/drop_empty_sums.sql",
    "relations/daily_active_users.sql",
    "relations/shown_student_totals.sql",
    "relations/student_engagement_tiers.sql",
    "relations/creator_analytics_cache.sql",
    "core/watching/hundredths_of_credits.sql",
    "core/watching/fold_watching.sql",
    "core/watching/clear_watching.sql",
    "core/watching/fold_furthest.sql",
    "core/watching/video_analytics.sql",
    "core/activity/fold_activity.sql",
    "core/chat/number_messages.sql",
    "core/chat/fold_chat.sql",
    "core/chat/clear_chat.sql",
    "core/chat/most_asked_questions.sql",
    "core/question_editions.sql",
    "core/quizzes/fold_attempts.sql",
    "core/quizzes/fold_takers.sql",
    "core/quizzes/answer_key.sql",
    "core/quizzes/fold_first_answers.sql",
    "core/quizzes/fold_quizzes.sql",
    "core/quizzes/fold_failures.sql",
    "core/activity/spans_of_changes.sql",
    "core/activity/days_of_changes.sql",
    "core/activity/count_seen_days.sql",
    "core/activity/clear_activity.sql",
    "core/activity/visits.sql",
    "core/portions/rows_to_come.sql",
    "core/levels/enrol_active.sql",
    "core/levels/enrol_active_of_keys.sql",
    "core/portions/levels_of_keys.sql",
    "core/portions/keys_at_levels.sql",
    "core/portions/generations.sql",
    "core/portions/slices.sql",
    "core/portions/fold_keys.sql",
    "core/portions/fold_changes.sql",
    "core/portions/build_students.sql",
    "core/portions/add_slice.sql",
    "core/portions/refresh_portion.sql",
    "core/refresh.sql",
    "core/deleted_creators.sql",
    "triggers/digest_choice.sql",
    "triggers/courses.sql",
    "triggers/student_words.sql",
    "triggers/edited_rows.sql",
)

# The comment of one of the objects says which edition of all of them is in the database.
APPLIED = text("select obj_description(to_regprocedure('dashboard_now()'), 'pg_proc')")


def apply_objects(connection: Connection) -> None:
    """Create or replace every object, unless the database already has this edition; needs the newest revision."""
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
