"""What a process remembers: handed out so that nobody changes another's, counted as it is, computed once."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from queries.cache import answers
from queries.cache.answer_format import packed
from queries.cache.answers import Answers, handed_out
from queries.cache.caching import cached_query
from queries.cache.editions import edition, reading
from tests.queries.cache.test_cache_bytes import allocated
from tests.queries.every_answer import a_told_creator, asked, full_name

OWNER = UUID(int=7)
ROWS = 10_000


@dataclass(frozen=True)
class Found:
    total: int
    rows: pd.DataFrame
    first: dict[str, Any]


@dataclass
class Loose:
    total: int


def a_frame() -> pd.DataFrame:
    return pd.DataFrame({"number": [1, 2], "name": ["Ada", "Bo"], "id": [uuid4(), uuid4()]})


def spoil_frame(frame: pd.DataFrame) -> None:
    frame.loc[0, "number"] = -1
    frame["number"] += 5
    frame.iloc[1, 1] = "Mallory"
    frame["more"] = 1
    frame.columns.name = "spoilt"
    del frame["id"]
    frame.index = pd.Index([5, 6])


def test_what_is_written_to_a_frame_stays_with_the_writer():
    again, _ = handed_out(a_frame())
    untouched = again().copy()

    spoil_frame(again())

    pd.testing.assert_frame_equal(again(), untouched)
    assert again().columns.name is None


def test_a_column_that_was_taken_out_cannot_be_written_through():
    again, _ = handed_out(a_frame())
    column, array = again()["number"], again()["number"].to_numpy()

    column.iloc[0] = -1
    with pytest.raises(ValueError, match="read-only"):
        array[0] = -1

    assert again()["number"].tolist() == [1, 2]


@pytest.mark.parametrize(
    ("answer", "spoil", "expected"),
    [
        (Found(2, a_frame(), {"name": "Ada"}), lambda found: spoil_frame(found.rows), lambda found: len(found.rows)),
        (Found(2, a_frame(), {"name": "Ada"}), lambda found: found.first.clear(), lambda found: found.first["name"]),
        ([1, 2], lambda numbers: numbers.append(3), list),
        ({"a": [1]}, lambda told: told["a"].append(3), dict),
        ([{"a": 1}], lambda told: told[0].clear(), lambda told: [dict(one) for one in told]),
        (Loose(1), lambda loose: setattr(loose, "total", 5), lambda loose: loose.total),
        (
            pd.DataFrame({"tags": [["loops"], ["sets"]]}),
            lambda frame: frame["tags"].iloc[0].append("x"),
            lambda frame: [list(tags) for tags in frame["tags"]],
        ),
        (
            pd.DataFrame({"options": [{"a": [1]}, {}]}),
            lambda frame: frame["options"].iloc[0]["a"].append(2),
            lambda frame: [{key: list(held) for key, held in cell.items()} for cell in frame["options"]],
        ),
    ],
    ids=[
        "frame inside",
        "mapping inside",
        "list",
        "list in a mapping",
        "mapping in a list",
        "open object",
        "cells",
        "deep cells",
    ],
)
def test_what_can_change_is_a_copy(answer, spoil, expected):
    before = expected(answer)
    again, _ = handed_out(answer)

    spoil(again())

    assert expected(again()) == before


@pytest.mark.parametrize("answer", [None, 3, 2.5, "x", OWNER, (1, "a"), frozenset({"a"})], ids=repr)
def test_what_cannot_change_is_the_answer_itself(answer):
    again, _ = handed_out(answer)

    assert again() is answer


def test_the_bytes_of_an_answer_are_those_it_takes():
    for kind, make in (
        ("numbers", lambda: pd.DataFrame({"number": np.random.default_rng(1).random(ROWS)})),
        ("ids", lambda: pd.DataFrame({"id": [uuid4() for _ in range(ROWS)]})),
        ("words", lambda: pd.DataFrame({"word": [f"word number {number}" for number in range(ROWS)]})),
        ("objects", lambda: [Found(number, a_frame(), {}) for number in range(1_000)]),
    ):
        before = pa.total_allocated_bytes()  # words are Arrow's
        with allocated() as taken:
            kept = handed_out(make())
            in_truth = taken() + pa.total_allocated_bytes() - before
        assert kept[1] * 0.5 < in_truth < kept[1] * 1.5, kind
        del kept


def test_every_answer_comes_back_as_it_was(shared_database):
    told = a_told_creator()
    for query, arguments in asked(told):
        with reading(edition(told.creator_id, 1)):
            first, again = query(told.creator_id, *arguments), query(told.creator_id, *arguments)
            fresh = query.fresh(told.creator_id, *arguments)
        for answer in (first, again):
            tables, tables_of_fresh = [], []
            assert packed(answer, tables) == packed(fresh, tables_of_fresh), full_name(query)
            assert tables == tables_of_fresh, full_name(query)


def test_a_cold_key_is_computed_by_one_thread_while_the_others_wait():
    computed, all_there = [], threading.Barrier(8)

    @cached_query
    def slow(creator_id):
        computed.append(creator_id)
        threading.Event().wait(0.05)
        return 7

    def ask(_number: int) -> int:
        with reading(edition(OWNER, 1)):
            all_there.wait(10)
            return slow(OWNER)

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(ask, range(8))) == [7] * 8
    assert computed == [OWNER]


def test_whoever_waits_too_long_computes_for_oneself(monkeypatch):
    monkeypatch.setattr(answers, "PATIENCE_SECONDS", 0.01)
    kept = Answers(lambda: None)

    with kept.turn("key"), ThreadPoolExecutor(1) as other:
        assert other.submit(lambda: take(kept)).result(10)


def test_after_a_failure_the_next_thread_computes():
    kept = Answers(lambda: None)
    with pytest.raises(ZeroDivisionError), kept.turn("key"):
        raise ZeroDivisionError

    assert take(kept)  # type: ignore[unreachable]
    assert not kept._turns


def take(kept: Answers) -> bool:
    with kept.turn("key"):
        return True
