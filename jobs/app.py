"""The tasks and their schedule. Cron is in UTC; a run missed by more than ten minutes is skipped."""

import logging

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL

from database.engine import database_url
from database.refresh import refresh_stale

logger = logging.getLogger(__name__)


def conninfo(url: URL) -> str:
    """The address for psycopg 3, which the worker speaks."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


app = App(connector=PsycopgConnector(conninfo=conninfo(database_url())))


@app.periodic(cron="* * * * *")
@app.task(name="refresh_stale_creators", queueing_lock="refresh_stale_creators")
def refresh_stale_creators(timestamp: int) -> None:
    """Recompute what changed in the last minute. An hourly run is contained in this one."""
    del timestamp
    refreshed = refresh_stale()
    if refreshed:
        logger.info("refreshed %d creators", refreshed)
