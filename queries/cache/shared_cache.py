"""The cache level shared by all processes: Redis, if REDIS_URL is set. Optional, and never trusted."""

import hashlib
import logging
import random
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar, cast
from uuid import UUID

import pandas as pd

from database.redis_server import RedisAway, ask_redis, redis_is_configured
from database.seldom import SeldomTold
from database.settings import PROJECT_DIR
from database.signing import is_signed, signature
from queries.cache.answer_format import Types, Unreadable, decoded, encoded
from queries.cache.counts import count
from rules.errors import SetupError

T = TypeVar("T")

FIVE_MINUTES = 300
CLAIM_SECONDS = 10  # a claim ends with the process that made it, at the latest then
PATIENCE_SECONDS = 3.0  # longer than a page's query may take; then we compute ourselves
FIRST_NAP_SECONDS, LONGEST_NAP_SECONDS = 0.005, 0.05
MOST_BYTES = 8_000_000
SIGNATURE_CHARACTERS = 43
VALUE, KEY = "cached answer", "key of a cached answer"

RELEASE = """
if redis.call("get", KEYS[1]) == ARGV[1] then
    return redis.call("del", KEYS[1])
end
return 0
"""

logger = logging.getLogger(__name__)
REFUSED, NOT_SHARED = SeldomTold(logger), SeldomTold(logger)


@dataclass(frozen=True)
class Question:
    """One call of a query: everything its result depends on, and the classes it may contain."""

    query: str
    creator_id: UUID
    parts: str
    types: Types

    @property
    def label(self) -> dict[str, str]:
        return {"query": self.query, "creator": str(self.creator_id), "parts": self.parts}

    @property
    def key(self) -> str:
        """A key for this installation only, and opaque: search texts cannot be read from it."""
        told = signature(KEY, program_version(), self.query, str(self.creator_id), self.parts)
        return f"dashboard:{self.creator_id}:{told}"


def shared(question: Question, compute: Callable[[], T]) -> T:
    """The result any process computed within five minutes, otherwise `compute()`, once over all processes.

    If Redis is absent, slow, full, flushed or filled by somebody else, `compute()` is called; never an error.
    """
    if not redis_is_configured():
        return _computed(compute)
    try:
        key = question.key
        found, claim = _found_or_claimed(question, key)
    except (RedisAway, SetupError):
        return _computed(compute)
    if claim is None:
        count("redis")
        answer: T = found
        return answer
    try:
        answer = _computed(compute)
        _keep(question, key, answer)
        return answer
    finally:
        _release(key, claim)


@lru_cache(maxsize=1)
def program_version() -> str:
    """Changes with everything that affects the format of results: a new release never reads an old one's."""
    told = hashlib.sha256(f"pandas {pd.__version__}".encode())
    for pattern in ("queries/**/*.py", "queries/**/*.sql", "database/*.py", "database/objects/**/*.sql"):
        for path in sorted(PROJECT_DIR.glob(pattern)):
            told.update(path.read_bytes())
    for path in sorted((PROJECT_DIR / "database" / "migrations" / "versions").glob("*.py")):
        told.update(path.name.encode())
    return told.hexdigest()


def _computed(compute: Callable[[], T]) -> T:
    count("database")
    return compute()


def _found_or_claimed(question: Question, key: str) -> tuple[Any, str | None]:
    """The result and None, or nothing and a claim to compute it; no claim after waiting in vain."""
    claim, nap = secrets.token_hex(16), FIRST_NAP_SECONDS
    patient_until = time.monotonic() + PATIENCE_SECONDS
    while True:
        found = _found(question, key)
        if found is None and ask_redis(lambda redis: redis.set(_claim(key), claim, nx=True, px=CLAIM_SECONDS * 1000)):
            found = _found(question, key)  # stored since we looked, and its claim released
            if found is None:
                return None, claim
            _release(key, claim)
        if found is not None:
            return found[0], None
        if time.monotonic() > patient_until:
            return None, ""
        time.sleep(nap * random.uniform(0.5, 1.0))  # noqa: S311  # apart, not secret
        nap = min(2 * nap, LONGEST_NAP_SECONDS)


def _found(question: Question, key: str) -> tuple[Any] | None:
    """The result in a tuple, because None is a valid result."""
    blob = ask_redis(lambda redis: cast(bytes | None, redis.get(key)))
    if blob is None:
        return None
    try:
        return (_opened(question, key, blob),)
    except Unreadable as error:
        kind = type(error.__cause__ or error).__name__
        REFUSED.met(f"A cached result in Redis was rejected and is recalculated: {kind}.")
        ask_redis(lambda redis: redis.delete(key))
        return None


def _opened(question: Question, key: str, blob: bytes) -> Any:
    signed, content = blob[:SIGNATURE_CHARACTERS], blob[SIGNATURE_CHARACTERS:]
    if not is_signed(signed.decode("ascii", "replace"), VALUE, key, hashlib.sha256(content).hexdigest()):
        raise Unreadable("it is not signed by this installation")
    return decoded(content, question.label, question.types)


def _keep(question: Question, key: str, answer: object) -> None:
    try:
        content = encoded(question.label, answer)
        if len(content) > MOST_BYTES:
            return
        signed = signature(VALUE, key, hashlib.sha256(content).hexdigest())
        ask_redis(lambda redis: redis.set(key, signed.encode() + content, ex=FIVE_MINUTES))
    except TypeError as error:
        NOT_SHARED.met(f"The answer of {question.query} is not shared: {type(error).__name__}.")
    except RedisAway:
        pass


def _release(key: str, claim: str) -> None:
    if claim:
        with suppress(RedisAway):  # the claim expires
            ask_redis(lambda redis: redis.eval(RELEASE, 1, _claim(key), claim))


def _claim(key: str) -> str:
    return f"{key}:claim"
