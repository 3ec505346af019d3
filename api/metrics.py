"""What Prometheus reads: requests, cache hits per level, refreshes, queue, mails."""

import hmac
import math
import os
from collections.abc import Iterable, Iterator

from fastapi import APIRouter, Request, Response
from prometheus_client import CollectorRegistry, Counter, Gauge, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from api.parameters import refuse_parameters
from api.problems import not_found
from api.threads import in_api_thread
from database.operations import Operations, operations
from database.this_computer import is_forwarded, is_named_locally, is_token
from queries.cache.caching import held_bytes
from queries.cache.counts import answers_by_level

VARIABLE = "METRICS_TOKEN"
SECONDS = (0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)

registry = CollectorRegistry(auto_describe=False)
REQUESTS = Counter("dashboard_api_requests", "Requests of the API.", ("method", "route", "status"), registry=registry)
DURATION = Histogram(
    "dashboard_api_request_seconds", "Server time of a request.", ("route",), buckets=SECONDS, registry=registry
)
ANSWERS_GIVEN_AGAIN = Counter(
    "dashboard_api_answers_given_again", "Answers sent again from the cache.", registry=registry
)

ANSWERS_BYTES = Gauge("dashboard_api_answers_bytes", "Size of the cached answers.", registry=registry)

metrics = APIRouter(include_in_schema=False)


def measure(method: str, route: str, status: int, seconds: float) -> None:
    """Count a request by its declared route: ids would create endless labels."""
    REQUESTS.labels(method if method.isalpha() and len(method) <= 7 else "other", route, str(status)).inc()
    DURATION.labels(route).observe(seconds)


@metrics.get("/metrics")
async def prometheus(request: Request) -> Response:
    """Metrics for callers with METRICS_TOKEN or, on this computer, the token in the data folder; a 404 for others."""
    if not _may_read(request):
        raise not_found()
    refuse_parameters(request.query_params.multi_items(), frozenset())
    text = await in_api_thread(generate_latest, registry)
    return Response(text, media_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})


class CacheAnswers(Collector):
    """Query results by cache level, and how much this process caches."""

    def collect(self) -> Iterable[Metric]:
        counted = CounterMetricFamily("dashboard_cache_answers", "Query results, by cache level.", labels=["level"])
        for level, answers in answers_by_level().items():
            counted.add_metric([level], answers)
        yield counted
        remembered = held_bytes()
        yield GaugeMetricFamily("dashboard_cache_bytes", "Size of the cached query results.", remembered.held)
        yield GaugeMetricFamily(
            "dashboard_cache_most_bytes",
            "The limit of their size.",
            math.inf if remembered.most is None else remembered.most,
        )


class DatabaseState(Collector):
    """Refreshes, queue and emails, read on request."""

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
            "Age of the oldest change that no refresh has seen.",
            state.oldest_change_seconds,
        ),
        ("last_refresh_age_seconds", "Since the last refresh of any creator.", state.last_refresh_age_seconds),
        ("refresh_duration_seconds", "The longest of the creators' last refreshes.", state.longest_refresh_seconds),
        ("stale_creators", "Creators with changes that no refresh has seen.", state.stale_creators),
        (
            "waiting_keys",
            "Keys (a student's video, day, quiz) that changed and are not refreshed yet.",
            state.waiting_keys,
        ),
        ("students_to_build", "Students whose figures are being rebuilt.", state.students_to_build),
        ("workers", "Workers seen in the last 30 seconds.", state.workers),
    ):
        yield GaugeMetricFamily(f"dashboard_{name}", words, float("nan") if value is None else value)
    yield _by("dashboard_queue_jobs", "Background jobs, by queue and state.", ("queue", "state"), state.jobs)
    yield _by("dashboard_mails", "Emails, by state.", ("state",), state.mails)
    yield _by("dashboard_failures", "Items that failed and were skipped, by kind.", ("kind",), state.failures)


def _by(name: str, words: str, labels: tuple[str, ...], counted: Iterable[tuple[str | int, ...]]) -> Metric:
    family = GaugeMetricFamily(name, words, labels=labels)
    for *values, number in counted:
        family.add_metric([str(value) for value in values], float(number))
    return family


registry.register(CacheAnswers())
GCCollector(registry)
ProcessCollector(registry=registry)
registry.register(DatabaseState())


def _may_read(request: Request) -> bool:
    given = request.headers.get("authorization", "").removeprefix("Bearer ")
    if configured := os.environ.get(VARIABLE):
        return hmac.compare_digest(given.encode(), configured.encode())
    return _is_local(request) and is_token(given)


def _is_local(request: Request) -> bool:
    client = request.client.host if request.client else ""
    return is_named_locally(client, request.headers.get("host", "")) and not is_forwarded(request.headers.keys())
