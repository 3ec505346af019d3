"""Exports in the background: writing them, recovering stuck ones, removing old ones."""

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
    """Write one export; a worker that has to stop releases it, and another starts over."""
    run_export(UUID(creator_id), UUID(export_id), context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="recover_exports", queueing_lock="recover_exports")
def recover_exports(timestamp: int = 0) -> None:
    """Take over the exports of dead workers, and those that were never queued."""
    del timestamp
    recovered, waiting = recover_lost_exports(), hand_over_waiting_exports()
    if recovered or waiting:
        logger.info("recovered %d exports, handed over %d", recovered, waiting)


@app.periodic(cron="0 2 * * *")
@app.task(name="remove_old_exports", queueing_lock="remove_old_exports")
def remove_old_exports(timestamp: int = 0) -> None:
    """Remove exports after 30 days: file and row, and orphans of either."""
    del timestamp
    logger.info("cleaned up: %s", clean_up_exports())
