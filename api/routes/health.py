"""Whether the process is up, and whether it can do its work: for restarts and for routing."""

from datetime import datetime
from typing import Literal

from fastapi import APIRouter, Response
from pydantic import Field
from sqlalchemy.exc import SQLAlchemyError

from api.parameters import StrictRoute
from api.problems import INVALID
from api.schemas.base import Shape
from api.schemas.problem import responses_of
from api.threads import in_api_thread
from database.operations import is_migrated, operations
from database.workers import NO_WORKER, START_ONE
from rules.errors import SetupError

health = APIRouter(tags=["Operation"], route_class=StrictRoute, responses=responses_of(INVALID))


class Alive(Shape):
    status: Literal["ok"]


class Readiness(Shape):
    """Ready: the database answers and has this program's schema. Worker and refresh are told, and do not decide:
    figures that are late are better than none."""

    status: Literal["ready", "not ready"]
    problems: list[str] = Field(description="What needs attention, in words; may be present even when ready.")
    database: bool
    migrations: bool
    worker_seen: bool
    last_refresh: datetime | None


@health.get("/health", response_model=Alive)
async def alive() -> Alive:
    """Whether the process is up; does not use the database."""
    return Alive(status="ok")


@health.get("/ready", response_model=Readiness, responses={503: {"model": Readiness}})
async def ready(response: Response) -> Readiness:
    """Whether requests can be answered."""
    found = await in_api_thread(_readiness)
    if found.status != "ready":
        response.status_code = 503
        response.headers["Retry-After"] = "5"
    return found


def _readiness() -> Readiness:
    try:
        if not is_migrated():
            return _not_ready(True, "The schema is older than this program. Run `python manage.py migrate`.")
        now = operations()
    except (SQLAlchemyError, SetupError):
        return _not_ready(
            False, "The database is not responding. Check that it is running and that DATABASE_URL points to it."
        )
    return Readiness(
        status="ready",
        problems=[] if now.workers else [f"{NO_WORKER} {START_ONE}"],
        database=True,
        migrations=True,
        worker_seen=now.workers > 0,
        last_refresh=now.last_refreshed_at,
    )


def _not_ready(database: bool, problem: str) -> Readiness:
    return Readiness(
        status="not ready",
        problems=[problem],
        database=database,
        migrations=False,
        worker_seen=False,
        last_refresh=None,
    )
