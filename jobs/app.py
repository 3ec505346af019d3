"""The queue's worker side: every module of tasks is named here, and nothing else.

Cron is in UTC; a run missed by more than ten minutes is skipped.
"""

from importlib import import_module

from procrastinate import App, PsycopgConnector
from sqlalchemy import URL

from database.engine import database_url

TASKS = (
    "jobs.refresh",
    "jobs.exports",
    "jobs.reports",
    "jobs.upkeep",
    "jobs.mail",
)


def conninfo(url: URL) -> str:
    """The address for psycopg 3, which the worker speaks."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


app = App(connector=PsycopgConnector(conninfo=conninfo(database_url())))
for module in TASKS:  # after `app`, which they take from here
    import_module(module)
