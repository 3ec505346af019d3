"""The worker's side of the queue: names every module of tasks, and nothing else.

Cron is in UTC; a run missed by more than ten minutes is skipped.
"""

from importlib import import_module

from procrastinate import App

from database.engine import database_url
from jobs.queue_connection import QueueConnector

TASKS = (
    "jobs.xapi",
    "jobs.refresh",
    "jobs.exports",
    "jobs.reports",
    "jobs.uploads",
    "jobs.imports",
    "jobs.upkeep",
    "jobs.mail",
)

connector = QueueConnector(database_url())
app = App(connector=connector)
for module in TASKS:  # after `app`, which they import from here
    import_module(module)
