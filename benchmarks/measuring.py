"""Repeat and time an action; report the median and the 95th percentile."""

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """Milliseconds: the median and the 95th percentile."""

    p50: float
    p95: float


def timed(action: Callable[[], object], times: int, before_each: Callable[[], object] = lambda: None) -> Timing:
    """Run `action` this many times after one warm-up; `before_each` is not timed."""
    durations = [_milliseconds(action, before_each) for _ in range(times + 1)][1:]
    return Timing(statistics.median(durations), _slow_end(durations))


def timed_in_turn(actions: Sequence[Callable[[], object]], times: int) -> list[Timing]:
    """Run all actions in turn, this many rounds after one warm-up, so that a busy moment affects all of them."""
    rounds = [[_milliseconds(action, lambda: None) for action in actions] for _ in range(times + 1)][1:]
    return [Timing(statistics.median(taken), _slow_end(list(taken))) for taken in zip(*rounds, strict=True)]


def once(action: Callable[[], object]) -> Timing:
    """Run `action` a single time, cold."""
    taken = _milliseconds(action, lambda: None)
    return Timing(taken, taken)


def _milliseconds(action: Callable[[], object], before: Callable[[], object]) -> float:
    before()
    began = time.perf_counter()
    action()
    return 1000 * (time.perf_counter() - began)


def _slow_end(durations: list[float]) -> float:
    if len(durations) < 2:
        return durations[0]
    return statistics.quantiles(durations, n=20, method="inclusive")[-1]
