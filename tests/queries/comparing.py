"""Results in a form that can be compared with plain Python."""

from datetime import date, datetime
from typing import Any

import pandas as pd
import pytest

from tests.oracle import Record

DATES = ("activity_date", "shown_at")


def rows_of(frame: pd.DataFrame) -> list[Record]:
    """A frame's rows with plain values: None for NaN and NaT, dates for days."""
    return [{column: _plain(column, value) for column, value in row.items()} for row in frame.to_dict("records")]  # type: ignore[misc]


def assert_same_rows(frame: pd.DataFrame, expected: list[Record]) -> None:
    """Fail on any row, column or order that differs; fractions are compared to 12 digits."""
    found = rows_of(frame)
    if expected:
        assert set(frame.columns) == set(expected[0])
    assert found == [nearly(row) for row in expected]


def nearly(row: Record) -> Record:
    return {
        column: pytest.approx(value, rel=1e-12, abs=1e-9) if isinstance(value, float) else value
        for column, value in row.items()
    }


def _plain(column: str, value: Any) -> date | datetime | object:
    if pd.isna(value):
        return None
    if isinstance(value, pd.Timestamp):
        return value.date() if column in DATES else value.to_pydatetime()
    return value
