"""The state of the installation, for monitoring: database, migrations, workers, refreshes, queue, emails."""

from dataclasses import dataclass
from datetime import datetime

from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from database.engine import engine
from database.failures import failure_counts
from database.migrate import script_location
from database.tenancy import platform_tx
from database.workers import HEARD

REFRESHES = text(
    """
    -- One row. Changes are dated by the server's own clock.
    select
        max(refreshed_at) as last_refreshed_at,
        extract(epoch from dashboard_now() - max(refreshed_at)) as last_refresh_age_seconds,
        max(refresh_seconds) as longest_refresh_seconds,
        (
            select count(distinct creator_id)
            from changes
            where
                due_at is null
                or due_at <= dashboard_now()
        ) as stale_creators,
        (
            select extract(epoch from clock_timestamp() - min(changed_at))
            from changes
            where
                due_at is null
                or due_at <= dashboard_now()
        ) as oldest_change_seconds,
        (
            select coalesce(sum(keys), 0)
            from changes
            where
                due_at is null
                or due_at <= dashboard_now()
        ) as waiting_keys,
        (
            select coalesce(sum(students_to_build - students_built), 0)
            from creator_generations
            where state = 'building'
        ) as students_to_build
    from creator_data_versions
    """
)
JOBS = text(
    """
    -- One row per queue and state that is waiting, working or failed.
    select
        queue_name,
        status::text as status,
        count(*) as jobs
    from procrastinate_jobs
    where status in ('todo', 'doing', 'failed')
    group by
        queue_name,
        status
    order by
        queue_name,
        status
    """
)
MAILS_EXIST = text("select to_regclass('public.mail_deliveries') is not null")
MAILS = text(
    """
    -- One row per state.
    select
        state,
        count(*) as mails
    from mail_deliveries
    group by state
    order by state
    """
)
REVISION = text("select version_num from alembic_version")


@dataclass(frozen=True)
class Operations:
    """Figures of the whole installation; None if there is nothing to measure yet."""

    last_refreshed_at: datetime | None
    last_refresh_age_seconds: float | None
    longest_refresh_seconds: float | None
    stale_creators: int
    waiting_keys: int
    students_to_build: int
    oldest_change_seconds: float | None
    workers: int
    jobs: tuple[tuple[str, str, int], ...]
    mails: tuple[tuple[str, int], ...]
    failures: tuple[tuple[str, int], ...]  # by kind: what failed, was skipped and has not succeeded since


def operations() -> Operations:
    """The current state. Raises SQLAlchemyError if the database is not reachable."""
    with platform_tx() as connection:
        refreshed = dict(connection.execute(REFRESHES).mappings().one())
        mails = _mails(connection)
    with engine().connect() as connection:  # the queue belongs to the login role; it holds no learner's data
        workers = connection.execute(HEARD).scalar_one()
        jobs = tuple((row.queue_name, row.status, row.jobs) for row in connection.execute(JOBS))
    return Operations(**refreshed, workers=workers, jobs=jobs, mails=mails, failures=failure_counts())


def is_migrated() -> bool:
    """Whether the database has the schema that this version was written for, or a newer one."""
    with engine().connect() as connection:
        revision = connection.execute(REVISION).scalar()
    wanted = ScriptDirectory(script_location()).get_current_head()
    return revision is not None and wanted is not None and revision >= wanted


def _mails(connection: Connection) -> tuple[tuple[str, int], ...]:
    if not connection.execute(MAILS_EXIST).scalar_one():
        return ()
    return tuple((row.state, row.mails) for row in connection.execute(MAILS))
