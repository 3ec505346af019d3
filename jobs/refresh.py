"""Keep the figures fresh."""

import logging

from database.refresh import refresh_rested
from jobs.app import app

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="refresh_stale_creators", queueing_lock="refresh_stale_creators")
def refresh_stale_creators(timestamp: int) -> None:
    """Refresh what changed in the last minute. It includes the hourly run."""
    del timestamp
    refreshed = refresh_rested()
    if refreshed:
        logger.info("refreshed %d creators", refreshed)
