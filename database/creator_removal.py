"""Removing a creator for good: files, jobs and rows, in transactions of bounded size."""

from uuid import UUID

from sqlalchemy import text

from database.job_queue import forget_jobs
from database.settings import settings
from database.storage import remove_folders_of
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx

MOST_ROWS = 20_000  # that one transaction deletes from a table

# Children first: a cascade would delete them student by student, all in one transaction. What is not here has few rows.
LARGE_TABLES = (
    "quiz_answers",
    "quiz_attempts",
    "chat_messages",
    "chat_sessions",
    "closed_chat_messages",
    "closed_chat_sessions",
    "activity_events",
    "closed_events",
    "watch_segments",
    "video_progress",
    "enrolments",
    "students",
)
# Any of them: an order by what all rows share costs no sort.
SOME_ROWS = """
    delete from {table}
    where
        creator_id = :creator_id
        and ctid = any(
            array(
                select ctid
                from {table}
                where creator_id = :creator_id
                order by creator_id
                limit :most_rows
            )
        )
"""
CLOSE_ACCOUNTS = text("delete from dashboard_users where creator_id = :creator_id")
CLOSE_DASHBOARD = text("update creators set subscription_tier = 'basic' where id = :creator_id")
MESSAGES = text("select message_id from mail_deliveries where creator_id = :creator_id and message_id is not null")
CLEAR_FIGURES = text("select clear_figures(:creator_id, :most_rows)")
FORGET_FAILURES = text("delete from failures where about_creator_id = :creator_id")
REPORT_RUNS = text("select run_id from report_run_creators where creator_id = :creator_id")
FORGET_CREATOR = text("delete from creators where id = :creator_id")
FORGET_RUNS = text(
    """
    delete from report_runs
    where
        id = any(cast(:run_ids as uuid[]))
        and not exists (
            select
            from report_run_creators
            where report_run_creators.run_id = report_runs.id
        )
    """
)


def remove_creator(creator_id: UUID) -> None:
    """Delete the creator with all rows, files, emails, jobs and accounts; an unknown one is no error.

    The creator's own row goes last: killed at any moment, the next call continues. Nobody can open the dashboard
    meanwhile. Raises StorageError, with nothing but files and jobs gone.
    """
    scope = {"creator_id": creator_id}
    with platform_tx(JOB_SECONDS) as connection:
        connection.execute(CLOSE_ACCOUNTS, scope)
        connection.execute(CLOSE_DASHBOARD, scope)
    forget_jobs(creator_id)
    remove_folders_of(creator_id)
    _remove_written_mails(creator_id)
    for table in LARGE_TABLES:
        _empty(table, creator_id)
    _clear_figures(creator_id)
    with platform_tx(JOB_SECONDS) as connection:
        run_ids = connection.execute(REPORT_RUNS, scope).scalars().all()
        connection.execute(FORGET_CREATOR, scope)
        connection.execute(FORGET_RUNS, {"run_ids": [str(run_id) for run_id in run_ids]})
        connection.execute(FORGET_FAILURES, scope)


def _remove_written_mails(creator_id: UUID) -> None:
    """Without a mail server, emails are files in the data folder, named by their message id."""
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        messages = connection.execute(MESSAGES, {"creator_id": creator_id}).scalars().all()
    for message_id in messages:
        settings().mail_file(message_id).unlink(missing_ok=True)


def _empty(table: str, creator_id: UUID) -> None:
    some_rows, deleted = text(SOME_ROWS.format(table=table)), MOST_ROWS
    while deleted == MOST_ROWS:
        with tenant_tx(creator_id, JOB_SECONDS) as connection:
            deleted = connection.execute(some_rows, {"creator_id": creator_id, "most_rows": MOST_ROWS}).rowcount


def _clear_figures(creator_id: UUID) -> None:
    are_left = True
    while are_left:
        with platform_tx(JOB_SECONDS) as connection:
            asked = {"creator_id": creator_id, "most_rows": MOST_ROWS}
            are_left = bool(connection.execute(CLEAR_FIGURES, asked).scalar_one())
