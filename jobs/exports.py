"""Exports in the background: written, never stuck, removed in time."""

import logging
from uuid import UUID

from procrastinate import JobContext

from actions.export_upkeep import clean_up_exports, hand_over_waiting_exports, recover_lost_exports
from actions.exports import QUEUE, TASK
from jobs.app import app
from reports.exports.run import run_export

logger = logging.getLogger(__name__)


@app.task(name=TASK, queue=QUEUE, pass_context=True)
def write_export(context: JobContext, creator_id: str, export_id: str) -> None:
    """Write one export; a worker that is told to stop lets go of it, and another begins anew."""
    run_export(UUID(creator_id), UUID(export_id), context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="recover_exports", queueing_lock="recover_exports")
def recover_exports(timestamp: int = 0) -> None:
    """Take over the exports of dead workers, and those that never came into the queue."""
    del timestamp
    recovered, waiting = recover_lost_exports(), hand_over_waiting_exports()
    if recovered or waiting:
        logger.info("recovered %d exports, handed over %d", recovered, waiting)


@app.periodic(cron="0 2 * * *")
@app.task(name="remove_old_exports", queueing_lock="remove_old_exports")
def remove_old_exports(timestamp: int = 0) -> None:
    """Remove exports after 30 days: the file and the row, and whatever of the two is left alone."""
    del timestamp
    logger.info("cleaned up: %s", clean_up_exports())
