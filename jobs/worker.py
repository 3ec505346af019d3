"""The worker: runs tasks until it is stopped, and survives restarts of the database."""

import asyncio
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Coroutine
from typing import Any

import psycopg
from procrastinate.exceptions import AlreadyEnqueued, AppNotOpen, ConnectorException
from sqlalchemy.exc import OperationalError

from actions import exports, file_imports, uploads
from database.engine import is_embedded
from jobs.noting import with_job_id
from jobs.pauses import Pauses
from rules.errors import SetupError

logger = logging.getLogger(__name__)

# Exports, uploads and imports may take minutes and memory: one at a time, and never in the way of short jobs.
EXPORTS_AT_ONCE, UPLOADS_AT_ONCE, IMPORTS_AT_ONCE, OTHERS_AT_ONCE = 1, 1, 1, 3
SECONDS_TO_FINISH = 5.0  # less than the server that stops a worker waits for it
# A starting worker may replace one that died, and a computer that sleeps at night never sees two o'clock.
AT_THE_START = (
    "recover_exports",
    "recover_uploads",
    "recover_imports",
    "retry_jobs_of_dead_workers",
    "continue_report_runs",
    "refresh_stale_creators",
    "send_due_mail",
    "remove_old_exports",
    "remove_old_uploads",
    "remove_old_imports",
)
HEARTBEAT_SECONDS = 5.0  # a sixth of the silence after which a worker counts as dead
SECONDS_BETWEEN_LOOKS, SECONDS_BETWEEN_LOOKS_UNNOTIFIED = 5.0, 1.0
LOGGERS_OF_THE_QUEUE = tuple(f"procrastinate.{name}" for name in ("worker", "worker.worker", "manager", "utils"))
# A hosted database comes back on its own. The embedded one comes with the next worker, which starts it.
GIVE_UP_SECONDS, GIVE_UP_SECONDS_EMBEDDED = 300.0, 5.0


def run_worker(leave_with_parent: bool = False) -> None:
    """Work until SIGTERM or SIGINT; with a parent, also until its end of standard input closes.

    Running work has a few seconds to end; longer work is given back to the queue. If the database is
    lost, waits for it; raises SetupError if it does not come back.
    """
    if leave_with_parent:
        threading.Thread(target=_leave_when_input_ends, daemon=True).start()
    asyncio.run(_work())


async def _work() -> None:
    loop, stopping = asyncio.get_running_loop(), asyncio.Event()
    loop.set_exception_handler(_note_lost_task)
    for name in LOGGERS_OF_THE_QUEUE:
        logging.getLogger(name).addFilter(_in_one_line)
    for stop in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(stop, stopping.set)
    pauses = Pauses(first=0.25, longest=2.0, lasting=5.0)
    while not stopping.is_set():
        began = time.monotonic()
        try:
            await _live(stopping)
        except (ConnectorException, psycopg.Error) as error:
            pause = pauses.after(time.monotonic() - began)
            if pauses.has_just_begun:  # one line for each outage, however long it lasts
                logger.warning("the worker has lost the database (%s) and waits for it", _kind(error))
            _give_up_after(pauses.failing_seconds, error)
            await _unless(stopping, asyncio.sleep(pause))


async def _live(stopping: asyncio.Event) -> None:
    """Work until told to stop; raises ConnectorException if the database is lost."""
    from jobs.app import app, connector

    is_notified = await _unless(stopping, connector.is_notified())
    if is_notified is None:
        return
    connector.lost.clear()
    async with app.open_async():
        await _begin_with_what_is_overdue()
        workers = _workers(is_notified)
        lost = asyncio.create_task(connector.lost.wait())
        await _unless(stopping, asyncio.wait([*workers, lost], return_when=asyncio.FIRST_COMPLETED))
        lost.cancel()
        for worker in workers:
            worker.cancel()  # it stops taking jobs, and waits for the running ones
        if stopping.is_set():
            await asyncio.gather(*workers, return_exceptions=True)
            return
    # Work that is still running may end during the next life: several can do any of it at once.
    raise _why_it_ended(workers, connector.lost.is_set())


def _workers(is_notified: bool) -> "list[asyncio.Task[None]]":
    """Four in one process, for the four kinds of work."""
    from jobs.app import app

    at_once = {
        exports.QUEUE: EXPORTS_AT_ONCE,
        uploads.QUEUE: UPLOADS_AT_ONCE,
        file_imports.QUEUE: IMPORTS_AT_ONCE,
    }
    others = sorted({task.queue for task in app.tasks.values()} - at_once.keys())
    kinds = [*(([queue], most) for queue, most in at_once.items()), (others, OTHERS_AT_ONCE)]
    return [
        asyncio.create_task(
            app.run_worker_async(
                queues=queues,
                concurrency=most,
                install_signal_handlers=False,
                listen_notify=is_notified,
                fetch_job_polling_interval=SECONDS_BETWEEN_LOOKS if is_notified else SECONDS_BETWEEN_LOOKS_UNNOTIFIED,
                shutdown_graceful_timeout=SECONDS_TO_FINISH,
                update_heartbeat_interval=HEARTBEAT_SECONDS,
                worker_middleware=[with_job_id],
            )
        )
        for queues, most in kinds
    ]


async def _begin_with_what_is_overdue() -> None:
    from jobs.app import app

    for name in AT_THE_START:
        try:
            await app.tasks[name].defer_async(timestamp=0)
        except AlreadyEnqueued:
            continue


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, Any]) -> Any:
    """The result of the work; None, and the work is cancelled, if the worker is told to stop first."""
    task, stopped = asyncio.create_task(work), asyncio.create_task(stopping.wait())
    await asyncio.wait([task, stopped], return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if task.done():
        return task.result()
    task.cancel()
    return None


def _why_it_ended(workers: "list[asyncio.Task[None]]", is_lost: bool) -> BaseException:
    """The database was lost; or a bug, which waiting does not fix."""
    errors = [worker.exception() for worker in workers if worker.done() and not worker.cancelled()]
    faults = (error for error in errors if error and not is_lost)
    return next(faults, ConnectorException("The connection to the queue was lost."))


def _give_up_after(seconds: float, error: Exception) -> None:
    if seconds > (GIVE_UP_SECONDS_EMBEDDED if is_embedded() else GIVE_UP_SECONDS):
        raise SetupError(
            f"The worker has lost the database for {seconds:.0f} seconds ({_kind(error)}) and ends. "
            "Start it again with `python manage.py worker`; the server restarts its own automatically."
        )


def _kind(error: Exception) -> str:
    return type(error.__cause__ or error).__name__  # its text may contain an address


def _note_lost_task(_loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """In one line, without the text of an error."""
    error = context.get("exception")
    if isinstance(error, ConnectorException | AppNotOpen):
        logger.warning("the end of a job could not be written down; it is put into the queue again")
    else:
        logger.error("%s: %s", context.get("message"), type(error).__name__)


def _in_one_line(record: logging.LogRecord) -> bool:
    """A lost database is not a bug to look for in the code: no traceback, and no statement with its parameters."""
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, ConnectorException):
        record.exc_info, record.msg, record.args = None, "the queue: database error (%s)", (record.funcName,)
    elif isinstance(error, OperationalError):
        record.exc_info, record.msg, record.args = None, "%s: OperationalError", (record.getMessage(),)
    return True


def _leave_when_input_ends() -> None:
    while os.read(sys.stdin.fileno(), 1):  # unbuffered: a buffer's lock would outlive this thread at exit
        pass
    os.kill(os.getpid(), signal.SIGTERM)
