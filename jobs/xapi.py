"""Turn what players and plugins sent into figures."""

import logging
import time
from uuid import UUID

from database.each import each, rested
from database.refresh import refresh_now
from jobs.app import app
from sources.xapi.working import understand_portion, waiting_creators

logger = logging.getLogger(__name__)

KIND = "xapi"  # of failures
WORKER_SECONDS = 50.0  # one round; a round starts every minute


@app.periodic(cron="* * * * *")
@app.task(name="understand_statements", queueing_lock="understand_statements")
def understand_statements(timestamp: int = 0) -> None:
    """Understand the statements that arrived, portion by portion, each creator in turn; then refresh their figures."""
    del timestamp
    until = time.monotonic() + WORKER_SECONDS
    each(rested(waiting_creators(), KIND), lambda creator_id: _of_creator(creator_id, until), KIND)


def _of_creator(creator_id: UUID, until: float) -> None:
    groups = 0
    while time.monotonic() < until and (done := understand_portion(creator_id)):
        groups += done
    if groups:
        refresh_now(creator_id)
        logger.info("understood %d groups of statements", groups)
