"""Refreshes are killed within and between portions while data changes: no figure is lost or counted twice."""

import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import RULE_MARKER
from sqlalchemy import URL

from database.refresh import rebuild, refresh, stale_creators
from proofs.length import short_or_full
from proofs.portion_takers import SECONDS, SMALL, Taker, a_generation_is_built, takers
from tests import oracle
from tests.builders import NOW, ACreator, a_creator, add
from tests.database import test_activity, test_chat_folds, test_quiz_folds, test_watching
from tests.database.snapshots import assert_equal_to_rebuilt, assert_same_rows
from tests.database.test_incremental_equals_rebuilt import Platform, everybody_did_everything
from tests.database.test_rollups_equal_the_oracle import COUNTED
from tests.histories import ZONES
from tests.oracle import rows_of

CREATORS = 3
COURSES = 3  # of three students each, that a creator starts with
KILLS = short_or_full(16, 600)
LONGEST_LIFE_SECONDS = 0.03  # in a portion before it is killed: about as long as such a portion takes
CHANGES_AT_ONCE = 20
PAUSE_SECONDS = 0.1  # between two changes
CHANGES_PER_KILL = 10  # at least, however fast the machine kills
# They include the refreshes of the original test: here other processes refresh.
LEFT_OUT = {"refreshes", "refreshes_once_more", "some_portions_are_taken", "the_creator_moves"}
RULES = {name: rule for name, rule in vars(Platform).items() if hasattr(rule, RULE_MARKER) and name not in LEFT_OUT}
# What is killed, in a portion or between two, while a generation is built or at any time.
WAYS = tuple(itertools.product(("process", "connection"), (True, False), (True, False)))
MOMENTS = {f"{what}, {when}" for what in ("process", "connection") for when in ("within a portion", "between portions")}
ANY_ROW = st.integers(0, 10_000)


@dataclass
class Changes:
    """Changes made to the source rows, and errors meanwhile."""

    done: Counter[str] = field(default_factory=Counter)
    errors: list[BaseException] = field(default_factory=list)


def test_whoever_is_killed_the_figures_are_those_of_a_rebuild_and_of_the_oracle(
    database: URL, monkeypatch: pytest.MonkeyPatch
) -> None:
    platforms = [a_platform(zone) for zone in ZONES[:CREATORS]]
    chance = random.Random(KILLS)
    changes, moments = Changes(), Counter[str]()
    with monkeypatch.context() as patch, takers(2) as processes, changing(platforms, changes):
        for name, size in SMALL.items():
            patch.setattr(f"database.refresh.{name}", size)
        for number, (what, in_a_portion, while_building) in enumerate(itertools.islice(itertools.cycle(WAYS), KILLS)):
            wait_for(changes, CHANGES_PER_KILL * (number + 1))
            moments.update(killed(chance.choice(processes), what, in_a_portion, while_building, chance))
    print(f"{dict(moments)}; {changes.done.total()} changes: {dict(changes.done)}")

    assert not changes.errors
    assert set(moments) >= MOMENTS
    assert moments["while a generation was built"] > KILLS / 4
    assert changes.done.total() > CHANGES_PER_KILL * KILLS
    for platform in platforms:
        assert_nothing_is_lost_or_doubled(platform.creator)
    assert stale_creators() == []


def assert_nothing_is_lost_or_doubled(creator: ACreator) -> None:
    bring_up_to_date(creator)
    assert [row["state"] for row in rows_of(creator.id, "creator_generations")] == ["shown"]
    assert_equal_to_rebuilt(creator)
    source = oracle.source(creator.id)
    for relation, counted in COUNTED.items():
        assert_same_rows(relation, rows_of(creator.id, relation), counted(source))
    test_watching.assert_counted(creator, NOW)
    test_activity.assert_counted(creator, NOW)
    test_chat_folds.assert_as_counted(creator)
    test_quiz_folds.assert_equal_to_the_oracle(creator.id)


def wait_for(changes: Changes, number: int) -> None:
    """Wait until more than this many changes were made, or one failed."""
    ends = time.monotonic() + SECONDS
    while changes.done.total() <= number and not changes.errors:
        assert time.monotonic() < ends, f"{changes.done.total()} changes within {SECONDS} s, of {number}"
        time.sleep(0.01)


def bring_up_to_date(creator: ACreator) -> None:
    """Refresh everything, after the server has finished the portion of a killed process."""
    ends = time.monotonic() + SECONDS
    while not refresh(creator.id):
        assert time.monotonic() < ends, "somebody who was killed still holds this creator"
        time.sleep(0.1)


def killed(taker: Taker, what: str, in_a_portion: bool, while_building: bool, chance: random.Random) -> list[str]:
    """Kill the process or its connections; returns the state at that moment."""
    taker.wait_until_it_is(in_a_portion, while_building)
    if in_a_portion:
        time.sleep(chance.uniform(0, LONGEST_LIFE_SECONDS))
    stood = [f"{what}, {'within a portion' if taker.is_in_a_portion() else 'between portions'}"]
    stood += ["while a generation was built"] * a_generation_is_built()
    if what == "process":
        taker.kill()
    else:
        taker.lose_connections()
    return stood


@contextmanager
def changing(platforms: list[Platform], changes: Changes) -> Iterator[None]:
    """Change the rows of each creator, and rebuild one after the other, until the block ends."""
    ended = threading.Event()
    doings = [lambda turn, platform=platform: change(platform, turn, changes) for platform in platforms]
    threads = [threading.Thread(target=_again, args=(doing, ended, changes)) for doing in doings]
    threads.append(threading.Thread(target=_again, args=(lambda turn: rebuild_one(platforms, turn), ended, changes)))
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        ended.set()
        for thread in threads:
            thread.join()


def _again(doing: Callable[[int], None], ended: threading.Event, changes: Changes) -> None:
    for turn in itertools.count():
        if ended.wait(0.1):
            return
        try:
            doing(turn)
        except BaseException as error:
            changes.errors.append(error)
            return


def change(platform: Platform, turn: int, changes: Changes) -> None:
    """Make some changes of every kind; now and then add students who did everything, and change the time zone."""

    @seed(turn)
    @settings(max_examples=CHANGES_AT_ONCE, phases=[Phase.generate], database=None, suppress_health_check=HealthCheck)
    @given(st.data())
    def some_changes(data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(RULES)))
        arguments = getattr(RULES[name], RULE_MARKER).arguments
        drawn = {n: data.draw(ANY_ROW if n in ("place", "other") else values) for n, values in arguments.items()}
        RULES[name](platform, **drawn)
        changes.done[name] += 1
        time.sleep(PAUSE_SECONDS)

    some_changes()
    if turn % 4 == 3:
        add(platform.creator, everybody_did_everything())
        platform.the_creator_moves(zone=ZONES[turn % len(ZONES)])
        changes.done["the_creator_moves"] += 1


def rebuild_one(platforms: list[Platform], turn: int) -> None:
    rebuild(platforms[turn % len(platforms)].creator.id)


def a_platform(zone: str) -> Platform:
    """A creator with some courses; ids of later rows lie anywhere among the existing ones."""
    platform = Platform()
    platform.new_id = uuid4  # type: ignore[method-assign]
    platform.creator = a_creator(timezone=zone)
    add(platform.creator, *(everybody_did_everything() for _ in range(COURSES)))
    return platform
