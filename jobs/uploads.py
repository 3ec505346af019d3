"""Uploads in the background: checking them, recovering stuck ones, removing what nobody needs."""

import logging
from uuid import UUID

from procrastinate import JobContext

from actions.upload_upkeep import clean_up_uploads, hand_over_waiting_uploads, recover_lost_uploads
from actions.uploads import QUEUE, TASK
from jobs.app import app
from jobs.media import arrived

logger = logging.getLogger(__name__)


@app.task(name=TASK, queue=QUEUE, pass_context=True)
def check_upload(context: JobContext, creator_id: str, upload_id: str) -> None:
    """Make a video of one upload; a worker that has to stop releases it, and another starts over."""
    arrived.check_upload(UUID(creator_id), UUID(upload_id), context.should_abort)


@app.periodic(cron="* * * * *")
@app.task(name="recover_uploads", queueing_lock="recover_uploads")
def recover_uploads(timestamp: int = 0) -> None:
    """Take over the uploads of dead workers, and those that were never queued."""
    del timestamp
    recovered, waiting = recover_lost_uploads(), hand_over_waiting_uploads()
    if recovered or waiting:
        logger.info("recovered %d uploads, handed over %d", recovered, waiting)


@app.periodic(cron="20 2 * * *")
@app.task(name="remove_old_uploads", queueing_lock="remove_old_uploads")
def remove_old_uploads(timestamp: int = 0) -> None:
    """End uploads that were abandoned a week ago, and remove the files of those that ended without a video."""
    del timestamp
    logger.info("cleaned up: %s", clean_up_uploads())
