"""What the answers that a process remembers may take, however many creators ask for however much."""

import gc
import time
import tracemalloc
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from uuid import UUID, uuid4

import numpy as np
import pandas as pd
import pytest
from streamlit import config
from streamlit.runtime.caching import get_data_cache_stats_provider

from queries.cache import caching
from queries.cache.caching import ANSWERS, LIMIT, USUAL_LIMIT, cached_query, held_bytes, remembered
from queries.cache.editions import edition, reading

MEGABYTE = 1024**2
LIMIT_BYTES = 16 * MEGABYTE
ROWS = 25_000  # 200 kB of numbers


@cached_query
def many_numbers(creator_id: UUID, seed: int) -> pd.DataFrame:
    return pd.DataFrame({"number": np.random.default_rng([creator_id.int, seed]).random(ROWS)})


@cached_query
def as_many_others(creator_id: UUID, seed: int) -> pd.DataFrame:
    return pd.DataFrame({"other": np.random.default_rng([creator_id.int, seed + 1]).random(ROWS)})


@pytest.fixture
def limited() -> Iterator[None]:
    """A limit of 16 MB, and the usual one afterwards."""
    config.set_option(LIMIT, "16mb")
    caching._limit_bytes()
    yield
    config.set_option(LIMIT, USUAL_LIMIT)
    caching._limit_bytes()


@pytest.mark.usefixtures("limited")
def test_large_answers_of_many_creators_stay_within_the_limit_as_counted_and_in_truth():
    with allocated() as taken:
        for creator_id in [uuid4() for _ in range(150)]:
            with reading(edition(creator_id, 1)):
                many_numbers(creator_id, 1)
                as_many_others(creator_id, 1)
            assert held_bytes().held <= LIMIT_BYTES
        in_truth = taken()

    assert held_bytes().most == LIMIT_BYTES
    assert held_bytes().held > LIMIT_BYTES * 0.9
    assert held_bytes().held * 0.9 < in_truth < LIMIT_BYTES * 1.1


@pytest.mark.usefixtures("limited")
def test_what_was_asked_for_lately_stays():
    first, *others = [uuid4() for _ in range(150)]
    with reading(edition(first, 1)):
        many_numbers(first, 1)
    for creator_id in others:
        with reading(edition(creator_id, 1)):
            many_numbers(creator_id, 1)
        with reading(edition(first, 1)):
            kept = many_numbers(first, 1)

    assert held_bytes().held <= LIMIT_BYTES
    pd.testing.assert_frame_equal(kept, many_numbers.fresh(first, 1))


@pytest.mark.usefixtures("limited")
def test_the_count_is_exact_after_many_threads_wrote_at_once():
    def ask(creator_id: UUID) -> None:
        with reading(edition(creator_id, 1)):
            many_numbers(creator_id, 1)
            as_many_others(creator_id, 1)

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(ask, [uuid4() for _ in range(200)]))

    assert held_bytes().held == sum(held.size_bytes for held in ANSWERS._held.values()) + bytes_of_all_else()
    assert held_bytes().held <= LIMIT_BYTES


@pytest.mark.usefixtures("limited")
def test_what_is_no_answer_of_a_query_takes_room_from_the_answers():
    @remembered(300)
    def noise(seed: int) -> bytes:
        return np.random.default_rng(seed).bytes(MEGABYTE)

    for seed in range(10):
        noise(seed)
    for creator_id in [uuid4() for _ in range(100)]:
        with reading(edition(creator_id, 1)):
            many_numbers(creator_id, 1)
        assert held_bytes().held <= LIMIT_BYTES

    noise(11)

    assert held_bytes().held <= LIMIT_BYTES
    assert bytes_of_all_else() > 10 * MEGABYTE


def test_answers_whose_time_is_over_are_swept_out_by_the_next(monkeypatch):
    for creator_id in [uuid4() for _ in range(5)]:
        with reading(edition(creator_id, 1)):
            many_numbers(creator_id, 1)
    later = time.monotonic() + 301
    monkeypatch.setattr("queries.cache.answers.time.monotonic", lambda: later)

    newest = uuid4()
    with reading(edition(newest, 1)):
        many_numbers(newest, 1)

    assert len(ANSWERS._held) == 1


def test_keys_without_end_leave_no_locks_behind(monkeypatch):
    monkeypatch.setattr(caching, "KEYS_PER_FUNCTION", 2_000)

    @remembered(300)
    def squared(number: int) -> int:
        return number * number

    for number in range(10_000):  # whatever is made once only is made now
        squared(number)
    with allocated() as taken:
        for number in range(10_000, 40_000):
            assert squared(number) == number * number
        grown = taken()

    assert grown < 2 * MEGABYTE  # the newest answers and their keys; 30,000 locks would be 5 MB


def test_a_limit_of_the_operator_prevails():
    config.set_option(LIMIT, "3mb")
    caching._limit_bytes()
    try:
        assert held_bytes().most == 3 * MEGABYTE
    finally:
        config.set_option(LIMIT, USUAL_LIMIT)
        caching._limit_bytes()


def bytes_of_all_else() -> int:
    """What Streamlit counts of whatever is no query."""
    families = get_data_cache_stats_provider().get_stats()
    return sum(stat.byte_length for stats in families.values() for stat in stats)  # type: ignore[attr-defined]


@contextmanager
def allocated() -> Iterator[Callable[[], int]]:
    """Asks how many bytes were allocated since the block began and are still in use."""
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]

    def taken() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0] - before

    try:
        yield taken
    finally:
        tracemalloc.stop()
