"""What all processes share through Redis: used where it helps, never needed, never trusted."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from uuid import UUID, uuid4

import pandas as pd
import pytest

from database import redis_server
from database.seldom import SeldomTold
from queries.cache import shared_cache
from queries.cache.answer_format import encoded
from queries.cache.caching import CachedQuery, cached_query, forget_everything
from queries.cache.counts import answers_by_level
from queries.cache.shared_cache import Question, shared
from queries.overview.headline import overview_stats
from queries.students.lists import StudentFilters, students
from tests.builders import a_creator, a_student, add, an_event, refreshed
from tests.queries.cache.test_answer_format import assert_identical
from tests.queries.every_answer import a_told_creator, asked, full_name
from tests.redis_server import ARedis, a_redis

pytestmark = pytest.mark.usefixtures("shared_database")

BUDGET_SECONDS = redis_server.BUDGET_SECONDS
A_SLOW_BUDGET = 0.5  # seconds; ten times the budget, for a busy machine


@pytest.fixture(scope="module")
def running():
    with a_redis() as redis:
        yield redis


@pytest.fixture
def redis(running, monkeypatch) -> ARedis:
    """An empty Redis that answers, and that nobody has given up on."""
    if running.process is None:
        running.start()
    running.client.config_set("maxmemory", "0")
    running.client.flushall()
    redis_server._server.cache_clear()
    monkeypatch.setattr(redis_server, "BUDGET_SECONDS", 5.0)  # a busy machine is no broken Redis
    monkeypatch.setenv("REDIS_URL", running.url)
    return running


@pytest.fixture
def hung(redis, monkeypatch):
    """Within the budget of the program."""
    monkeypatch.setattr(redis_server, "BUDGET_SECONDS", BUDGET_SECONDS)
    redis.hang()
    yield redis
    redis.stop()


@pytest.fixture
def creator():
    return a_creator(a_student("Ada Moss"))


def test_every_query_is_answered_from_redis_as_from_the_database(redis):
    about = a_told_creator()
    for query, arguments in asked(about):
        query(about.creator_id, *arguments)
    in_another_process()
    before = answers_by_level()

    for query, arguments in asked(about):
        answer = query(about.creator_id, *arguments)
        assert_identical(answer, query.fresh(about.creator_id, *arguments), full_name(query))

    counted = answers_by_level()
    assert counted["redis"] - before["redis"] == len(asked(about))
    assert counted["database"] == before["database"]


def test_another_argument_creator_or_version_is_another_answer(redis, creator):
    assert students(creator.id, StudentFilters(search="ada")).total == 1
    in_another_process()

    assert students(creator.id, StudentFilters(search="bo")).total == 0
    assert students(a_creator().id, StudentFilters(search="ada")).total == 0
    version_before = overview_stats(creator.id).refreshed_at
    assert version_before
    assert len(redis.keys()) == 4
    add(creator, an_event())
    refreshed(creator)
    overview_stats(creator.id)
    assert len(redis.keys()) == 5


def test_a_default_that_is_spelt_out_is_the_same_answer(redis):
    calls: list[int] = []
    figure = a_query(calls)
    creator_id = uuid4()

    figure(creator_id)
    in_another_process()
    figure(creator_id, limit=10)
    in_another_process()
    figure(creator_id, 10)

    assert len(calls) == 1


def test_keys_do_not_tell_what_was_searched_for(redis, creator):
    students(creator.id, StudentFilters(search="ada@example.com"))

    told = b" ".join(redis.client.scan_iter())

    assert str(creator.id).encode() in told
    assert b"ada" not in told


def test_answers_leave_redis_after_five_minutes(redis, creator):
    overview_stats(creator.id)

    assert 290 <= redis.client.ttl(redis.keys()[0]) <= 300


@pytest.mark.parametrize("kind", ["another creator's", "unsigned", "a pickle", "cut off", "nothing"])
def test_a_planted_value_is_never_shown(redis, creator, kind):
    victim = a_creator([a_student(f"Student {number}") for number in range(7)])
    overview_stats(victim.id)
    overview_stats(creator.id)
    own, other = sorted(redis.keys(), key=lambda key: str(creator.id).encode() not in key)
    values = {
        "another creator's": redis.client.get(other),
        "unsigned": b"x" * 43 + encoded({"creator": str(creator.id)}, overview_stats(victim.id)),
        "a pickle": b"cos\nsystem\n(S'false'\ntR.",
        "cut off": redis.client.get(own)[:-30],
        "nothing": b"",
    }
    redis.client.set(own, values[kind])
    in_another_process()

    assert overview_stats(creator.id).total_students == 1
    in_another_process()
    assert overview_stats(creator.id).total_students == 1  # the good one has taken its place


def test_values_that_are_refused_again_and_again_are_one_line(redis, creator, monkeypatch, caplog):
    monkeypatch.setattr(shared_cache, "REFUSED", SeldomTold(shared_cache.logger))
    overview_stats(creator.id)
    (key,) = redis.keys()

    for _ in range(20):
        redis.client.set(key, b"unsigned")
        in_another_process()
        assert overview_stats(creator.id).total_students == 1

    assert [record.getMessage() for record in caplog.records] == [
        "A cached result in Redis was rejected and is recalculated: Unreadable."
    ]


def test_a_value_that_redis_holds_for_another_creator_fails_its_label(redis):
    calls: list[int] = []
    one, other = (Question("figure", creator_id, "{}", {}) for creator_id in (uuid4(), uuid4()))
    shared(one, lambda: "of one")
    redis.client.set(other.key, redis.client.get(one.key))

    assert shared(other, lambda: calls.append(1) or "of the other") == "of the other"
    assert calls


def test_redis_that_is_stopped_is_no_error(redis, creator):
    overview_stats(creator.id)
    redis.stop()
    in_another_process()

    assert overview_stats(creator.id).total_students == 1


def test_a_hung_redis_costs_one_budget_and_then_nothing(hung, creator):
    began = time.perf_counter()
    for _ in range(20):
        in_another_process()
        assert overview_stats(creator.id).total_students == 1
    with pytest.raises(redis_server.RedisAway):
        redis_server.ask_redis(lambda client: client.ping())

    slow = time.perf_counter() - began
    in_another_process()
    began = time.perf_counter()
    overview_stats(creator.id)
    assert time.perf_counter() - began < A_SLOW_BUDGET
    assert slow < 20 * A_SLOW_BUDGET


def test_one_question_to_a_hung_redis_takes_the_budget(hung):
    began = time.perf_counter()
    with pytest.raises(redis_server.RedisAway):
        redis_server.ask_redis(lambda client: client.get("a"))

    assert BUDGET_SECONDS * 0.9 <= time.perf_counter() - began < A_SLOW_BUDGET


def test_redis_is_used_again_after_its_rest(redis, creator, monkeypatch):
    monkeypatch.setattr(redis_server, "REST_SECONDS", 0.2)
    redis.stop()
    overview_stats(creator.id)
    redis.start()
    time.sleep(0.25)
    in_another_process()

    overview_stats(creator.id)

    assert len(redis.keys()) == 1


def test_a_full_redis_is_no_error(redis, creator):
    redis.fill()

    assert overview_stats(creator.id).total_students == 1
    in_another_process()
    assert overview_stats(creator.id).total_students == 1
    assert redis.keys() == []


def test_a_flushed_redis_is_no_error(redis, creator):
    overview_stats(creator.id)
    redis.client.flushall()
    in_another_process()

    assert overview_stats(creator.id).total_students == 1


def test_200_threads_on_one_cold_key_compute_it_once(redis):
    calls: list[int] = []
    figure = a_query(calls, seconds=0.3)
    creator_id = uuid4()
    together = threading.Barrier(200)

    def ask(_number: int) -> int:
        together.wait()
        return len(figure(creator_id))

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(ask, range(200)))

    assert len(calls) == 1
    assert answers == [3] * 200


def test_200_processes_on_one_cold_key_compute_it_once(redis):
    """Threads that share nothing but Redis stand for processes."""
    calls: list[int] = []
    question = Question("figure", uuid4(), "{}", {})
    together = threading.Barrier(200)

    def compute() -> int:
        calls.append(1)
        time.sleep(0.3)
        return 3

    def ask(_number: int) -> int:
        together.wait()
        return shared(question, compute)

    with ThreadPoolExecutor(200) as pool:
        answers = list(pool.map(ask, range(200)))

    assert answers == [3] * 200
    assert len(calls) == 1


def test_a_claim_of_a_process_that_died_is_waited_for_and_then_ignored(redis, monkeypatch):
    monkeypatch.setattr("queries.cache.shared_cache.PATIENCE_SECONDS", 0.2)
    question = Question("figure", uuid4(), "{}", {})
    redis.client.set(f"{question.key}:claim", "somebody who died", px=60_000)

    assert shared(question, lambda: 3) == 3
    assert shared(question, lambda: 4) == 3  # the answer was kept all the same


def test_a_failure_is_not_shared_and_frees_the_claim(redis):
    question = Question("figure", uuid4(), "{}", {})
    with pytest.raises(ZeroDivisionError):
        shared(question, lambda: 1 // 0)

    assert shared(question, lambda: 3) == 3


def a_query(calls: list[int], seconds: float = 0) -> CachedQuery[..., pd.DataFrame]:
    @cached_query
    def figure(creator_id: UUID, limit: int = 10) -> pd.DataFrame:
        calls.append(limit)
        time.sleep(seconds)
        return pd.DataFrame({"a": [1, 2, 3]})

    return figure


def in_another_process() -> None:
    """Forget what this process remembers; what Redis remembers stays."""
    forget_everything()
