"""Threads of the API's own, so that programs cannot take those of the pages."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import lru_cache, partial, wraps
from typing import ParamSpec, TypeVar

from anyio import CapacityLimiter, to_thread

P = ParamSpec("P")
T = TypeVar("T")

# Fewer than the connections of the pool (30), so that pages always find one. More would not be
# faster: the work between two queries holds the interpreter.
THREADS = 12


async def in_api_thread(work: Callable[P, T], *arguments: P.args, **options: P.kwargs) -> T:
    """Do the work in one of the API's threads; those of Streamlit and AnyIO stay free."""
    return await to_thread.run_sync(partial(work, *arguments, **options), limiter=_limiter(asyncio.get_running_loop()))


def done_in_api_thread(work: Callable[P, T]) -> Callable[P, Awaitable[T]]:
    """The same function for an event loop."""

    @wraps(work)
    async def run(*arguments: P.args, **options: P.kwargs) -> T:
        return await in_api_thread(work, *arguments, **options)

    return run


@lru_cache(maxsize=8)
def _limiter(_loop: asyncio.AbstractEventLoop) -> CapacityLimiter:
    return CapacityLimiter(THREADS)
