"""Keep the figures fresh."""

import logging

from database.refresh import refresh_rested
from jobs.app import app

logger = logging.getLogger(__name__)


@app.periodic(cron="* * * * *")
@app.task(name="refresh_stale_creators", queueing_lock="refresh_stale_creators")
def refresh_stale_creators(timestamp: int) -> None:
    """Recompute what changed in the last minute. An hourly run is contained in this one."""
    del timestamp
    refreshed = refresh_rested()
    if refreshed:
        logger.info("refreshed %d creators", refreshed)
