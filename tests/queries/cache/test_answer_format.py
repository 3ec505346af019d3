"""What Redis keeps is, to the type of every column and value, what the database answered."""

from dataclasses import dataclass, fields, is_dataclass
from datetime import UTC, date, datetime
from uuid import uuid4

import numpy as np
import pandas as pd
import pytest

from queries.cache.answer_format import Unreadable, answer_types, decoded, encoded
from tests.queries.every_answer import Told, a_told_creator, all_queries, asked, full_name

LABEL = {"creator": "one"}
CATEGORIES = pd.DataFrame({"a": pd.Series(["a", "b"], dtype="category")})


@pytest.fixture(scope="module")
def told(shared_database) -> Told:
    return a_told_creator()


def test_every_query_is_walked():
    assert len(all_queries()) >= 45


def test_every_answer_comes_back_as_it_was(told):
    for query, arguments in asked(told):
        answer = query.fresh(told.creator_id, *arguments)

        again = decoded(encoded(LABEL, answer), LABEL, answer_types(query.fresh))

        assert_identical(again, answer, full_name(query))


def test_every_answer_about_nobody_comes_back_as_it_was(told):
    unknown = Told(uuid4(), uuid4(), uuid4(), uuid4())
    for query, arguments in asked(unknown):
        answer = query.fresh(unknown.creator_id, *arguments)

        again = decoded(encoded(LABEL, answer), LABEL, answer_types(query.fresh))

        assert_identical(again, answer, full_name(query))


@pytest.mark.parametrize(
    "column",
    [
        [uuid4(), uuid4()],
        [uuid4(), None],
        [["a", "b"], []],
        [None, None],
        [date(2026, 3, 2), None],
        [datetime(2026, 3, 2, 8, tzinfo=UTC), pd.NaT],
        [1.5, float("nan")],
        ["a", None],
        ["ü\x00\ud7ff", ""],
        [True, False],
        [True, None],
        [2**62, -1],
        [1, "a"],
        [(1, "a"), {"b": date(2026, 3, 2)}],
        pd.Series([1, 2], dtype="int32"),
        pd.Series([1, None], dtype="Int64"),
        pd.Series(pd.to_datetime(["2026-03-02", None]).as_unit("us")),
        pd.Series(pd.to_datetime(["2026-03-02T08:00Z", None]).as_unit("ns")),
    ],
)
def test_a_column_keeps_its_type_and_values(column):
    frame = pd.DataFrame({"given": column, "other": [1, 2]})

    for rows in (frame, frame.head(0), frame.iloc[::-1], frame.set_index("other")):
        again = decoded(encoded(LABEL, rows), LABEL, {})
        assert_identical(again, rows, str(column))


def test_what_comes_back_may_be_changed():
    again = decoded(encoded(LABEL, pd.DataFrame({"a": [1, 2]})), LABEL, {})

    again.loc[0, "a"] = 5

    assert again["a"].tolist() == [5, 2]


def test_what_cannot_come_back_exactly_is_refused():
    for value in (np.int64(1), {1, 2}, object(), pd.DataFrame({"a": [object()]}), CATEGORIES):
        with pytest.raises(TypeError):
            encoded(LABEL, value)


def test_only_classes_that_the_query_declares_are_made():
    blob = encoded(LABEL, Secret("x"))

    with pytest.raises(Unreadable):
        decoded(blob, LABEL, {})


def test_another_label_and_cut_bytes_are_refused():
    blob = encoded(LABEL, pd.DataFrame({"a": [1]}))

    with pytest.raises(Unreadable):
        decoded(blob, {"creator": "other"}, {})
    for end in (0, 1, len(blob) // 2, len(blob) - 1):
        with pytest.raises(Unreadable):
            decoded(blob[:end], LABEL, {})


@dataclass(frozen=True)
class Secret:
    word: str


def assert_identical(again, before, where):
    assert type(again) is type(before), where
    if isinstance(before, pd.DataFrame):
        pd.testing.assert_frame_equal(again, before, check_exact=True, check_index_type="exact", obj=where)
        for name in before:
            assert again[name].dtype == before[name].dtype, (where, name)
            if before[name].dtype == object:
                for one, other in zip(again[name], before[name], strict=True):
                    assert_identical(one, other, f"{where}.{name}")
    elif is_dataclass(before):
        for field in fields(before):
            assert_identical(getattr(again, field.name), getattr(before, field.name), f"{where}.{field.name}")
    elif isinstance(before, dict):
        assert list(again) == list(before), where
        for key, value in before.items():
            assert_identical(again[key], value, f"{where}[{key}]")
    elif isinstance(before, list | tuple):
        assert len(again) == len(before), where
        for one, other in zip(again, before, strict=True):
            assert_identical(one, other, where)
    else:
        assert again == before or (pd.isna(again) and pd.isna(before)), where
