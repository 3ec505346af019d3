"""The Redis of REDIS_URL, shared by all processes: it answers within 50 ms, or is not used for a while."""

import logging
import os
import threading
import time
from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError, ResponseError
from redis.retry import Retry

from database.seldom import SECONDS_BETWEEN, SeldomTold
from rules.errors import SetupError

T = TypeVar("T")

VARIABLE = "REDIS_URL"
BUDGET_SECONDS = 0.05
REST_SECONDS = 5.0
MOST_CONNECTIONS = 1_000  # more than there are threads; running out would count as a failure

logger = logging.getLogger(__name__)


class RedisAway(RuntimeError):
    """There is no Redis, or it failed; callers continue without it."""


class Server:
    """A client and its circuit breaker: after a failure nobody asks for five seconds, then one caller tries again."""

    def __init__(self, url: str) -> None:
        self.client = Redis.from_url(
            url,
            socket_timeout=BUDGET_SECONDS,
            socket_connect_timeout=BUDGET_SECONDS,
            retry=Retry(NoBackoff(), 0),
            max_connections=MOST_CONNECTIONS,
            # No handshake: each command of it would use up part of the budget.
            protocol=2,
            driver_info=None,
        )
        self._lock = threading.Lock()
        self._resting_until = 0.0
        self._trouble = SeldomTold(logger, "Redis answers again.")

    def ask(self, question: Callable[[Redis], T]) -> T:
        is_probe = self._may_ask()
        try:
            answer = question(self.client)
        except ResponseError as error:  # it is there, but full, read-only or closed to us
            self._note(f"refuses: {type(error).__name__}")
            raise RedisAway from error
        except (RedisError, OSError, ValueError) as error:
            self._resting_until = time.monotonic() + REST_SECONDS
            self._note(f"does not answer: {type(error).__name__}")
            raise RedisAway from error
        if is_probe:
            self._resting_until = 0.0
        # A full Redis refuses writes but still reads: one good answer does not mean that it is well.
        self._trouble.over(quiet_seconds=0.0 if is_probe else SECONDS_BETWEEN)
        return answer

    def _may_ask(self) -> bool:
        """Whether this call finds out if Redis is back. Raises RedisAway during the pause."""
        with self._lock:
            if not self._resting_until:
                return False
            if time.monotonic() < self._resting_until:
                raise RedisAway
            self._resting_until = time.monotonic() + REST_SECONDS
            return True

    def _note(self, what: str) -> None:
        self._trouble.met(f"Redis {what}; answers come from PostgreSQL meanwhile.")


def ask_redis(question: Callable[[Redis], T]) -> T:
    """The answer from Redis. Raises RedisAway immediately if there is none, or while it is paused."""
    url = os.environ.get(VARIABLE)
    if not url:
        raise RedisAway
    return _server(url).ask(question)


def redis_is_configured() -> bool:
    return bool(os.environ.get(VARIABLE))


@lru_cache(maxsize=8)
def _server(url: str) -> Server:
    try:
        return Server(url)
    except ValueError:
        raise SetupError(f"{VARIABLE} is not an address; write redis://host:6379/0.") from None
