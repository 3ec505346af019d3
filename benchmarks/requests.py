"""API responses with empty caches: each request computes everything."""

from uuid import UUID

from starlette.testclient import TestClient

from api.app import api
from api.routing import ANSWERS as WRITTEN
from benchmarks.measuring import Timing, timed
from database.api_keys import add_key
from queries.cache.caching import forget_everything

PATHS = (
    "/creator/dashboard",
    "/creator/engagement",
    "/creator/quizzes",
    "/creator/chat",
    "/creator/students",
    "/creator/videos",
)


def fresh_requests(creator_id: UUID, times: int) -> dict[str, Timing]:
    """Milliseconds by path, from the request to the written answer."""
    headers = {"Authorization": f"Bearer {add_key(creator_id, 'Benchmark of requests', 'read')}"}

    def forget() -> None:
        forget_everything()
        WRITTEN.forget()

    with TestClient(api, headers=headers) as client:

        def asked(path: str) -> Timing:
            return timed(lambda: client.get(path).raise_for_status(), times, before_each=forget)

        return {path: asked(path) for path in PATHS}
