"""Many people at once: how long their pages take, and how the server's memory grows.

Run alone as `python -m benchmarks.sessions [SESSIONS [SECONDS]]`; part of `make bench`. The visitors run on the
same computer as the server.
"""

import asyncio
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from uuid import UUID

import psutil
from rich.console import Console
from rich.table import Table
from websockets.exceptions import WebSocketException

from benchmarks.loaded import loaded
from benchmarks.serving import Serving, dashboard
from benchmarks.visitor import BrokenPage, Visitor
from database.accounts import demo_accounts
from database.frames import frame

SESSIONS, MANY_SESSIONS = 50, 100
SECONDS = 300
THINK_SECONDS = (3.0, 9.0)
MIX = {"overview": 40, "students": 20, "video": 20, "quiz": 10, "search": 10}
SEARCHES = ("an", "mar", "intro", "ben", "lesson", "el", "colour", "ra")
SECONDS_BETWEEN_WEIGHINGS = 2.0
MINUTE = 60.0

VIDEOS = """
    -- One row per video that people can watch.
    select id
    from videos
    where creator_id = :creator_id and deleted_at is null
    order by id
"""
QUIZZES = """
    -- One row per quiz.
    select id
    from quizzes
    where creator_id = :creator_id and deleted_at is null
    order by id
"""


@dataclass(frozen=True)
class Dashboard:
    """A demo account, and the ids that its pages can show."""

    account_id: UUID
    videos: list[UUID]
    quizzes: list[UUID]


@dataclass
class Noted:
    """What the visitors saw: seconds of each completed run by kind of step, failures in words, memory over time."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in MIX})
    timeouts: int = 0
    errors: Counter[str] = field(default_factory=Counter)
    memory: list[tuple[float, float]] = field(default_factory=list)  # seconds since the start, MB


@dataclass(frozen=True)
class Load:
    """The result: milliseconds of a rerun, reruns a second, failures, and MB by second."""

    sessions: int
    seconds: float
    processor_seconds: float  # of the server
    noted: Noted

    @property
    def milliseconds(self) -> list[float]:
        return [1000 * one for of_a_kind in self.noted.seconds.values() for one in of_a_kind]

    @property
    def per_second(self) -> float:
        return len(self.milliseconds) / self.seconds

    def percentile(self, percent: int) -> float:
        """Milliseconds that this percentage of the reruns does not exceed."""
        return statistics.quantiles(self.milliseconds, n=100, method="inclusive")[percent - 1]

    def megabytes_at(self, second: float) -> float:
        """Median memory of the 20 seconds up to then; raises ValueError without a measurement."""
        weighed = [megabytes for at, megabytes in self.noted.memory if second - 20 <= at <= second]
        if not weighed:
            raise ValueError(f"nothing was weighed in the 20 seconds before second {second:.0f} of {self.seconds:.0f}")
        return statistics.median(weighed)


def measured_sessions(serving: Serving, sessions: int = SESSIONS, seconds: float = SECONDS) -> Load:
    """Let this many people use the dashboard for this long, with the demo's ENTERPRISE accounts in turn."""
    return asyncio.run(_measured(serving, list(_dashboards()), sessions, seconds))


def print_sessions(screen: Console, sessions: int = SESSIONS, seconds: float = SECONDS) -> None:
    """Two tables: reruns by kind, and memory by minute."""
    with dashboard() as serving:
        load = measured_sessions(serving, sessions, seconds)
    table = Table(f"{sessions} sessions, {seconds:.0f} s", "reruns", "p50 ms", "p95 ms", "p99 ms")
    for kind, taken in load.noted.seconds.items():
        table.add_row(kind, f"{len(taken):,}", *(f"{1000 * one:,.0f}" for one in _of_a_kind(taken)))
    table.add_row(
        "all", f"{len(load.milliseconds):,}", *(f"{load.percentile(percent):,.0f}" for percent in (50, 95, 99))
    )
    screen.print(table)
    screen.print(
        f"{load.per_second:.1f} reruns a second, each {1000 * load.processor_seconds / len(load.milliseconds):.0f} ms "
        f"of the server's processor; {load.noted.timeouts} timeouts, {load.noted.errors.total()} errors."
    )
    for error, times in load.noted.errors.most_common(5):
        screen.print(f"{times} x {error}", markup=False)
    screen.print("Memory of the server: " + ", ".join(_memory_by_minute(load)))


def _of_a_kind(taken: list[float]) -> tuple[float, float, float]:
    if len(taken) < 2:
        return (taken[0],) * 3 if taken else (float("nan"),) * 3
    hundredths = statistics.quantiles(taken, n=100, method="inclusive")
    return hundredths[49], hundredths[94], hundredths[98]


def _memory_by_minute(load: Load) -> Iterator[str]:
    second = MINUTE
    while second <= load.seconds:
        yield f"{load.megabytes_at(second):,.0f} MB after {second / MINUTE:.0f} min"
        second += MINUTE


def _dashboards() -> Iterator[Dashboard]:
    for account in demo_accounts():
        if account.creator_id and account.subscription_tier == "enterprise":
            ids = [frame(account.creator_id, statement)["id"].tolist() for statement in (VIDEOS, QUIZZES)]
            yield Dashboard(account.id, *ids)


async def _measured(serving: Serving, dashboards: list[Dashboard], sessions: int, seconds: float) -> Load:
    noted = Noted()
    began, server = time.monotonic(), psutil.Process(serving.process_id)
    busy_before = _busy_seconds(server)
    weighing = asyncio.create_task(_weigh(server, noted, began))
    chances = [random.Random(number) for number in range(sessions)]
    await asyncio.gather(
        *(
            _visit(serving.address, dashboards[number % len(dashboards)], chance, noted, began + seconds)
            for number, chance in enumerate(chances)
        )
    )
    weighing.cancel()
    return Load(sessions, time.monotonic() - began, _busy_seconds(server) - busy_before, noted)


def _busy_seconds(server: psutil.Process) -> float:
    times = server.cpu_times()
    return float(times.user + times.system)


async def _weigh(server: psutil.Process, noted: Noted, began: float) -> None:
    while True:
        noted.memory.append((time.monotonic() - began, server.memory_info().rss / 1e6))
        await asyncio.sleep(SECONDS_BETWEEN_WEIGHINGS)


async def _visit(address: str, shown: Dashboard, chance: random.Random, noted: Noted, end: float) -> None:
    """Sign in, then open one thing after another until the end, with pauses to think."""
    await asyncio.sleep(chance.uniform(0, THINK_SECONDS[1]))  # people do not all arrive at the same moment
    visitor = await _arrived(address, shown, noted)
    while visitor and time.monotonic() < end:
        kind = chance.choices(list(MIX), list(MIX.values()))[0]
        began = time.perf_counter()
        try:
            await _step(visitor, kind, shown, chance)
            noted.seconds[kind].append(time.perf_counter() - began)
        except BrokenPage as error:
            noted.errors[f"{kind}: {error}"] += 1
        except (TimeoutError, WebSocketException) as error:
            _note_failure(noted, kind, error)
            await visitor.leave()  # so that the late end of this run is not taken for that of the next
            visitor = await _arrived(address, shown, noted)
        await asyncio.sleep(chance.uniform(*THINK_SECONDS))
    if visitor:
        await visitor.leave()


async def _arrived(address: str, shown: Dashboard, noted: Noted) -> Visitor | None:
    try:
        return await Visitor.signed_in(address, shown.account_id)
    except (TimeoutError, BrokenPage, WebSocketException, OSError) as error:
        _note_failure(noted, "sign-in", error)
    return None


def _note_failure(noted: Noted, kind: str, error: Exception) -> None:
    if isinstance(error, TimeoutError):
        noted.timeouts += 1
    else:
        noted.errors[f"{kind}: {type(error).__name__}: {error}"] += 1


async def _step(visitor: Visitor, kind: str, shown: Dashboard, chance: random.Random) -> None:
    if kind == "search":
        await visitor.search(chance.choice(SEARCHES))
    elif kind == "video":
        await visitor.open(kind, chance.choice(shown.videos))
    elif kind == "quiz":
        await visitor.open(kind, chance.choice(shown.quizzes))
    else:
        await visitor.open(kind)


def main() -> None:
    """Measure on a database of its own with the demo data."""
    given = [int(argument) for argument in sys.argv[1:]]
    sessions, seconds = (*given, *(SESSIONS, SECONDS)[len(given) :])
    loaded()
    print_sessions(Console(), sessions, seconds)


if __name__ == "__main__":
    main()
