"""The worker's connection to the queue: psycopg 3, straight to PostgreSQL or through a pooler in transaction mode."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from typing import Any

import psycopg
from procrastinate import PsycopgConnector
from procrastinate.exceptions import ConnectorException
from psycopg_pool import PoolClosed
from sqlalchemy import URL

from database.engine import NOTICED_WHEN_GONE

# More than jobs and side tasks of both workers ever need at once: waiting for one therefore means that the database is
# away.
MOST_CONNECTIONS = 12
SECONDS_FOR_A_CONNECTION = 3.0

OPTIONS: dict[str, Any] = {
    # A prepared statement belongs to a session, and behind a pooler the next statement may run in another session.
    "prepare_threshold": None,
    "application_name": "creator-dashboard worker",
    **NOTICED_WHEN_GONE,
}


class QueueConnector(PsycopgConnector):
    """Procrastinate's own connector, which also reports that the database was lost: `lost` is set then.

    After losing it, nobody can know whether the last message arrived: a job may be marked as taken although nobody
    has it. So the worker starts over as a new one.
    """

    def __init__(self, url: URL) -> None:
        self._address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        self.lost = asyncio.Event()
        super().__init__(
            conninfo=self._address,
            kwargs=OPTIONS,
            min_size=1,
            max_size=MOST_CONNECTIONS,
            timeout=SECONDS_FOR_A_CONNECTION,
        )

    async def open_async(self, pool: Any = None) -> None:
        try:
            await super().open_async(pool)
        except psycopg.Error:
            await self.close_async()  # half open, it would count as open
            raise

    async def is_notified(self) -> bool:
        """Whether LISTEN works here; raises OperationalError if the database does not answer.

        A pooler makes up its own process number in its greeting: then the session is not ours to keep.
        """
        async with await psycopg.AsyncConnection.connect(self._address, autocommit=True, **OPTIONS) as connection:
            answer = await connection.execute("select pg_backend_pid()")
            row = await answer.fetchone()
            return row is not None and row[0] == connection.info.backend_pid

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        async with self._watched():
            await super().execute_query_async(query, **arguments)

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        async with self._watched():
            return dict(await super().execute_query_one_async(query, **arguments))

    async def execute_query_all_async(self, query: Any, **arguments: Any) -> list[dict[str, Any]]:
        async with self._watched():
            return list(await super().execute_query_all_async(query, **arguments))

    async def listen_notify(self, on_notification: Any, channels: Iterable[str]) -> None:
        with suppress(ConnectorException):
            async with self._watched():
                await super().listen_notify(on_notification, channels)
        await asyncio.Event().wait()  # `lost` says it already: the worker ends, and this with it

    @asynccontextmanager
    async def _watched(self) -> AsyncIterator[None]:
        try:
            yield
        except ConnectorException as error:
            was_closed_here = isinstance(error.__cause__, PoolClosed)
            if isinstance(error.__cause__, psycopg.OperationalError | psycopg.InterfaceError) and not was_closed_here:
                self.lost.set()
            raise
