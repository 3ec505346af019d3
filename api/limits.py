"""How many requests a caller may make per minute: counted over all processes with Redis, otherwise in each."""

import os
import threading
import time
from collections import Counter

from redis import Redis

from api.problems import TOO_MANY, Problem
from database.redis_server import RedisAway, ask_redis
from database.signing import signature
from rules.errors import SetupError

VARIABLE = "API_REQUESTS_PER_MINUTE"
USUAL = 600
REFUSED_SHARE = 10  # an address may fail a tenth as often as a key may ask
WINDOW_SECONDS = 60

_lock = threading.Lock()
_window = 0
_counted: Counter[str] = Counter()


def requests_per_minute() -> int:
    """How many requests a caller may make per minute. Raises SetupError for a limit that is not a number."""
    given = os.environ.get(VARIABLE) or str(USUAL)
    if not given.isdecimal() or int(given) < 1:
        raise SetupError(f'{VARIABLE} is "{given}"; write a number such as {USUAL}.')
    return int(given)


def refusals_per_minute() -> int:
    """How many requests an address may make without a valid key. Raises SetupError like `requests_per_minute`."""
    return max(1, requests_per_minute() // REFUSED_SHARE)


def count_request(caller: str, most: int, times: int = 1, what: str = "requests") -> None:
    """Count a request of this caller; raises a Problem that says when to try again once there are too many.

    One with several events or the like counts several times.
    """
    clock = time.time()
    window = int(clock) // WINDOW_SECONDS
    if _count(caller, window, times) <= most:
        return
    seconds = max(1, round((window + 1) * WINDOW_SECONDS - clock))
    raise Problem(
        TOO_MANY,
        f"At most {most:,} {what} a minute; try again in {seconds} seconds.",
        headers={"Retry-After": str(seconds)},
    )


def _count(caller: str, window: int, times: int) -> int:
    try:
        # Opaque keys: neither ids nor addresses are stored in Redis.
        return _count_in_redis(f"dashboard:limit:{signature('api limit', caller)}:{window}", times)
    except (RedisAway, SetupError):
        return _count_here(caller, window, times)


def _count_in_redis(key: str, times: int) -> int:
    def count(redis: Redis) -> int:
        with redis.pipeline(transaction=True) as both:
            both.incr(key, times)
            both.expire(key, 2 * WINDOW_SECONDS)
            return int(both.execute()[0])

    return ask_redis(count)


def _count_here(caller: str, window: int, times: int) -> int:
    global _window
    with _lock:
        if window != _window:
            _window = window
            _counted.clear()
        _counted[caller] += times
        return _counted[caller]
