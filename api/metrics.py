"""What Prometheus reads: requests, cache hits per level, refreshes, queue, mails."""

import hmac
import os
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.problems import not_found
from api.threads import in_api_thread
from database.operations import Operations, operations
from queries.cache_counts import answers_by_level

VARIABLE = "METRICS_TOKEN"
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
LOOPBACK = {"127.0.0.1", "::1"}
LOOPBACK_NAMES = {"localhost", "127.0.0.1", "[::1]"}
FORWARDED = ("forwarded", "x-forwarded-for", "x-real-ip", "via")

registry = CollectorRegistry(auto_describe=False)
REQUESTS = Counter("dashboard_api_requests", "Requests of the API.", ("method", "route", "status"), registry=registry)
DURATION = Histogram(
    "dashboard_api_request_seconds", "Server time of a request.", ("route",), buckets=SECONDS, registry=registry
)
ANSWERS_GIVEN_AGAIN = Counter(
    "dashboard_api_answers_given_again", "Answers sent as they were written before.", registry=registry
)

metrics = APIRouter(include_in_schema=False)


def measure(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request. The route is as declared: ids in labels would be endless."""
    REQUESTS.labels(method if method.isalpha() and len(method) <= 7 else "other", route, str(status)).inc()
    DURATION.labels(route).observe(seconds)


@metrics.get("/metrics")
async def prometheus(request: Request) -> Response:
    """For Prometheus on this computer, or with the token of METRICS_TOKEN; nobody else learns that it is there."""
    if not _may_read(request):
        raise not_found()
    text = await in_api_thread(generate_latest, registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class CacheAnswers(Collector):
    """Answers of the queries, by the level that had them."""

    def collect(self) -> Iterable[Metric]:
        counted = CounterMetricFamily("dashboard_cache_answers", "Answers of queries, by level.", labels=["level"])
        for level, answers in answers_by_level().items():
            counted.add_metric([level], answers)
        yield counted


class DatabaseState(Collector):
    """Refreshes, queue and mails, read when they are asked for."""

    def collect(self) -> Iterable[Metric]:
        try:
            state = operations()
        except SQLAlchemyError:
            state = None
        yield GaugeMetricFamily("dashboard_database_up", "Whether the database answers.", float(state is not None))
        if state:
            yield from _told(state)


def _told(state: Operations) -> Iterator[Metric]:
    for name, words, value in (
        (
            "refresh_age_seconds",
            "Since the creator with the oldest unseen change changed.",
            state.oldest_change_seconds,
        ),
        ("last_refresh_age_seconds", "Since the last refresh of any creator.", state.last_refresh_age_seconds),
        ("refresh_duration_seconds", "The longest of the creators' last refreshes.", state.longest_refresh_seconds),
        ("stale_creators", "Creators with changes that no refresh has seen.", state.stale_creators),
        ("workers", "Workers that were heard of in the last 30 seconds.", state.workers),
    ):
        yield GaugeMetricFamily(f"dashboard_{name}", words, float("nan") if value is None else value)
    yield _by("dashboard_queue_jobs", "Jobs of the background, by queue and state.", ("queue", "state"), state.jobs)
    yield _by("dashboard_mails", "Mails, by state.", ("state",), state.mails)


def _by(name: str, words: str, labels: tuple[str, ...], counted: Iterable[tuple[str | int, ...]]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for *values, number in counted:
        family.add_metric([str(value) for value in values], float(number))
    return family


registry.register(CacheAnswers())
registry.register(DatabaseState())


def _may_read(request: Request) -> bool:
    token = os.environ.get(VARIABLE)
    if token:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        return hmac.compare_digest(given.encode(), token.encode())
    return _is_local(request)


def _is_local(request: Request) -> bool:
    """A proxy on this computer has a loopback address too, but it says for whom it asks, or names another host."""
    client = request.client.host if request.client else ""
    return (
        client in LOOPBACK
        and request.headers.get("host", "").rsplit(":", 1)[0] in LOOPBACK_NAMES
        and not any(name in request.headers for name in FORWARDED)
    )
