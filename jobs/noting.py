"""Which job a line of the log belongs to."""

from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext

from database.logs import noting


async def with_job_id(work: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
    """Wraps every job of a worker; a task's thread inherits it."""
    with noting(jobId=str(context.job.id)):
        return await work()
