"""Which job a line of the log belongs to."""

from collections.abc import Awaitable, Callable
from typing import Any

from procrastinate import JobContext

from database.logs import noting


async def with_job_id(work: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
    """Around every job of a worker; the thread of a task takes it along."""
    with noting(jobId=str(context.job.id)):
        return await work()
