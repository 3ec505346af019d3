"""A query whose result is cached: in this process, and in Redis."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from benchmarks.measuring import timed
from database.redis_server import redis_is_configured
from database.versions import data_version
from queries.cache.caching import CachedQuery, forget_everything
from queries.cache.editions import edition, reading

TIMES = 100


def remembered_times(query: CachedQuery[..., Any], creator_id: UUID, arguments: Sequence[Any]) -> tuple[str, str]:
    """Milliseconds of a hit with the version known: in process, and in Redis ("–" where `REDIS_URL` names none)."""
    with reading(edition(creator_id, data_version(creator_id))):

        def ask() -> None:
            query(creator_id, *arguments)

        in_process = timed(ask, TIMES).p50
        in_redis = f"{timed(ask, TIMES, before_each=forget_everything).p50:.2f}" if redis_is_configured() else "–"
    return f"{in_process:.3f}", in_redis
