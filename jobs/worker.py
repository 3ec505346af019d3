"""The worker: runs tasks until it is told to stop."""

import asyncio
import os
import signal
import sys
import threading

from procrastinate.exceptions import AlreadyEnqueued

from actions.exports import QUEUE
from jobs.noting import with_job_id

# Exports may take minutes and much memory: one at a time, and never in the way of what is short.
EXPORTS_AT_ONCE, OTHERS_AT_ONCE = 1, 3
SECONDS_TO_FINISH = 5.0  # less than the server that stops a worker waits for it
AT_THE_START = ("recover_exports", "retry_jobs_of_dead_workers", "remove_old_exports")


def run_worker(leave_with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT; with a parent, also until its end of standard input closes.

    What runs then has a few seconds to end; longer work is given back to the queue.
    """
    if leave_with_parent:
        threading.Thread(target=_leave_when_input_ends, daemon=True).start()
    asyncio.run(_work())


async def _work() -> None:
    """Two workers in one process, for the two kinds of work."""
    from jobs.app import app

    others = sorted({task.queue for task in app.tasks.values()} - {QUEUE})
    async with app.open_async():
        await _begin_with_what_is_overdue()
        kinds = (([QUEUE], EXPORTS_AT_ONCE), (others, OTHERS_AT_ONCE))
        workers = [asyncio.create_task(_worker(queues, at_once)) for queues, at_once in kinds]
        for stop in (signal.SIGINT, signal.SIGTERM):
            asyncio.get_running_loop().add_signal_handler(stop, _cancel, workers)
        _, left = await asyncio.wait(workers, return_when=asyncio.FIRST_COMPLETED)
        _cancel(list(left))
        ended = await asyncio.gather(*workers, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception):
            raise error


async def _worker(queues: list[str], at_once: int) -> None:
    from jobs.app import app

    await app.run_worker_async(
        queues=queues,
        concurrency=at_once,
        install_signal_handlers=False,
        listen_notify=True,
        shutdown_graceful_timeout=SECONDS_TO_FINISH,
        worker_middleware=[with_job_id],
    )


async def _begin_with_what_is_overdue() -> None:
    """A computer that sleeps at night never sees two o'clock, and a worker that starts may follow one that died."""
    from jobs.app import app

    for name in AT_THE_START:
        try:
            await app.tasks[name].defer_async()
        except AlreadyEnqueued:
            continue


def _cancel(workers: "list[asyncio.Task[None]]") -> None:
    for worker in workers:
        worker.cancel()  # it stops taking jobs, and waits for those that run


def _leave_when_input_ends() -> None:
    while os.read(sys.stdin.fileno(), 1):  # unbuffered: a buffer's lock would outlive this thread at exit
        pass
    os.kill(os.getpid(), signal.SIGTERM)
