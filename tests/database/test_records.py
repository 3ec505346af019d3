"""Rows of a frame as dataclasses: every column a field, every field a column, nothing missing that is required."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

import numpy as np
import pandas as pd
import pytest

from database.frames import UnlikeRows, records

NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Lesson:
    title: str
    views: int
    rating: float | None
    seen_at: datetime | None
    video_id: UUID | None
    minutes: int | None
    tags: list[str] | None


@dataclass(frozen=True, slots=True)
class Count:
    number: int


@dataclass(frozen=True, slots=True)
class Title:
    takes_part: ClassVar = True
    title: str


def lessons(**columns: Any) -> pd.DataFrame:
    usual = {
        "title": ["Loops", "Sets"],
        "views": [3, 4],
        "rating": [0.5, None],
        "seen_at": [NOW, None],
        "video_id": [UUID(int=1), None],
        "minutes": [5, None],
        "tags": [["a"], None],
    }
    return pd.DataFrame(usual | columns)


def test_each_row_is_one_object_whatever_the_order_of_the_columns():
    first = Lesson("Loops", 3, 0.5, pd.Timestamp(NOW), UUID(int=1), 5, ["a"])
    second = Lesson("Sets", 4, None, None, None, None, None)

    assert records(lessons(), Lesson) == [first, second]
    assert records(lessons()[sorted(lessons())], Lesson) == [first, second]  # type: ignore[type-var]
    assert records(lessons().iloc[::-1], Lesson) == [second, first]
    assert records(lessons().head(0), Lesson) == []


@pytest.mark.parametrize("nothing", [None, np.nan, pd.NaT, pd.NA])
def test_nothing_is_none_whatever_pandas_calls_it(nothing):
    for column in ("rating", "seen_at", "video_id", "minutes", "tags"):
        rows = lessons(**{column: pd.Series([nothing, nothing], dtype=object)})

        assert [getattr(row, column) for row in records(rows, Lesson)] == [None, None], column


@pytest.mark.parametrize(
    "numbers",
    [
        pd.Series([1, 2], dtype="int32"),
        pd.Series([1.0, 2.0]),
        pd.Series([1, 2], dtype="Int64"),
        pd.Series([np.int64(1), np.float64(2)], dtype=object),
    ],
)
def test_whole_numbers_are_pythons_own(numbers):
    found = [row.number for row in records(pd.DataFrame({"number": numbers}), Count)]

    assert found == [1, 2]
    assert {type(number) for number in found} == {int}


def test_a_part_of_a_number_is_no_whole_number():
    with pytest.raises(UnlikeRows, match=r"Count: number is 2.5 in row 1"):
        records(pd.DataFrame({"number": [1.0, 2.5]}), Count)


@pytest.mark.parametrize("column", ["title", "views"])
def test_none_that_may_not_be_names_row_column_and_dataclass(column):
    rows = lessons(**{column: pd.Series([lessons()[column][0], None], dtype=object)})

    with pytest.raises(UnlikeRows, match=f"Lesson: {column} is None in row 1"):
        records(rows, Lesson)


def test_a_column_that_is_missing_or_has_no_field_is_named():
    with pytest.raises(UnlikeRows, match="Lesson: no column views"):
        records(lessons().drop(columns="views"), Lesson)
    with pytest.raises(UnlikeRows, match="Lesson: no field for the column plays"):
        records(lessons(plays=[1, 2]), Lesson)


def test_a_dataclass_may_declare_that_it_takes_a_part():
    assert records(lessons(), Title) == [Title("Loops"), Title("Sets")]
    with pytest.raises(UnlikeRows, match="Title: no column title"):
        records(lessons().drop(columns="title"), Title)


def test_an_empty_frame_is_compared_too():
    with pytest.raises(UnlikeRows, match="no column number"):
        records(pd.DataFrame({"numbers": []}), Count)


def test_ids_stay_ids():
    ids = [uuid4(), uuid4()]

    assert [row.video_id for row in records(lessons(video_id=ids), Lesson)] == ids
