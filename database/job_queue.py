"""Queues background tasks by name; they live in `jobs`, which only the worker imports."""

from functools import lru_cache
from typing import Any
from uuid import UUID

from procrastinate import App
from procrastinate.contrib.sqlalchemy import SQLAlchemyPsycopg2Connector
from procrastinate.exceptions import AlreadyEnqueued
from sqlalchemy import Engine, text

from database.engine import engine

FORGET = text("delete from procrastinate_jobs where args ->> 'creator_id' = :creator_id and status <> 'doing'")


def defer(task: str, queueing_lock: str | None = None, queue: str = "default", **arguments: Any) -> bool:
    """Queue the task in its own transaction; False if one with this lock is already waiting.

    Call it after the rows that the task needs are committed: a worker may begin at once.
    Arguments are JSON and may be read by staff: ids, no personal data.
    """
    try:
        _queue(engine()).configure_task(task, queueing_lock=queueing_lock, queue=queue).defer(**arguments)
    except AlreadyEnqueued:
        return False
    return True


def forget_jobs(creator_id: UUID) -> None:
    """Remove a creator's jobs from the queue, but for those that a worker is doing."""
    with engine().begin() as connection:  # the queue belongs to the login role
        connection.execute(FORGET, {"creator_id": str(creator_id)})


@lru_cache(maxsize=8)
def _queue(pool: Engine) -> App:
    queue = App(connector=SQLAlchemyPsycopg2Connector())
    queue.open(pool)
    return queue
