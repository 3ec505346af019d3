"""Keep the queue itself in order: the jobs of dead workers, and those that ended long ago; and archive old rows."""

import logging

from procrastinate import JobContext
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

from actions.archive_upkeep import archive_for_all
from database.creators import creators
from database.each import each, each_in_turn
from database.failures import Item, forget_old_failures
from jobs.app import app
from sources.freshness import forget_old_counts
from sources.landing import forget_old_imports

logger = logging.getLogger(__name__)

MOST_ATTEMPTS = 3  # a job that took this many workers down with it is not retried
HOURS_KEPT = 24
HOURS_KEPT_OF_FAILED = 24 * 30


@app.periodic(cron="* * * * *")
@app.task(name="retry_jobs_of_dead_workers", queueing_lock="retry_jobs_of_dead_workers")
async def retry_jobs_of_dead_workers(timestamp: int = 0) -> None:
    """Requeue jobs whose worker stopped responding; every task may be run twice."""
    del timestamp
    await each_in_turn(await app.job_manager.get_stalled_jobs(), _retry, "job", lambda job: Item(None, f"job {job.id}"))


@app.periodic(cron="30 2 * * *")
@app.task(name="remove_old_jobs", queueing_lock="remove_old_jobs")
async def remove_old_jobs(timestamp: int = 0) -> None:
    """Delete jobs that succeeded after a day, those that failed after 30."""
    del timestamp
    await app.job_manager.delete_old_jobs(HOURS_KEPT)
    await app.job_manager.delete_old_jobs(
        HOURS_KEPT_OF_FAILED, include_failed=True, include_cancelled=True, include_aborted=True
    )


@app.periodic(cron="15 3 * * *")
@app.task(name="remove_old_failures", queueing_lock="remove_old_failures")
def remove_old_failures(timestamp: int = 0) -> None:
    """Delete failures that last occurred 90 days ago."""
    del timestamp
    logger.info("removed the notes on %d failures", forget_old_failures())


@app.periodic(cron="45 3 * * *")
@app.task(name="remove_old_door_counts", queueing_lock="remove_old_door_counts")
def remove_old_door_counts(timestamp: int = 0) -> None:
    """Delete what each door of each creator counted over 35 days ago."""
    del timestamp
    each([creator.id for creator in creators()], forget_old_counts, "door_counts")


@app.periodic(cron="40 3 * * *")
@app.task(name="archive_old_rows", queueing_lock="archive_old_rows", pass_context=True)
def archive_old_rows(context: JobContext, timestamp: int = 0) -> None:
    """Archive old rows of creators who chose it; a worker that has to stop goes on the next night."""
    del timestamp
    logger.info("archived: %s", archive_for_all(context.should_abort))


@app.periodic(cron="50 3 * * *")
@app.task(name="remove_old_import_errors", queueing_lock="remove_old_import_errors")
def remove_old_import_errors(timestamp: int = 0) -> None:
    """Delete what imports refused 90 days ago, and what undoing them would need."""
    del timestamp
    logger.info("removed what %d imports refused", forget_old_imports())


async def _retry(job: Job) -> None:
    logger.warning("the worker of job %s (%s) was lost", job.id, job.task_name)
    if job.attempts < MOST_ATTEMPTS:
        try:
            await app.job_manager.retry_job(job)
        except UniqueViolation:  # the same job is already waiting
            pass
        else:
            return
    await app.job_manager.finish_job(job, Status.FAILED, delete_job=False)
