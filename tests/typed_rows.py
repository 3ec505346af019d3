"""Rows of queries made by hand: what a test does not care about is as little as the field allows."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any, TypeVar, get_args, get_type_hints
from uuid import UUID, uuid4

import pandas as pd

Row = TypeVar("Row")
LEAST: dict[Any, Any] = {int: 0, float: 0.0, str: "", bool: False, datetime: datetime(2026, 3, 4, 12, tzinfo=UTC)}


def a_row(row_type: type[Row], **known: Any) -> Row:
    """One row; an id is a new one, what may be None is None."""
    return row_type(**_values(row_type) | known)


def a_frame(row_type: type[Any], *rows: dict[str, Any]) -> pd.DataFrame:
    """The frame of such rows, given only what differs."""
    return pd.DataFrame([_values(row_type) | row for row in rows], columns=[field.name for field in fields(row_type)])


def _values(row_type: type[Any]) -> dict[str, Any]:
    hints = get_type_hints(row_type)
    return {field.name: _least(hints[field.name]) for field in fields(row_type)}


def _least(hint: Any) -> Any:
    if type(None) in get_args(hint):
        return None
    return uuid4() if hint is UUID else [] if get_args(hint) else LEAST[hint]
