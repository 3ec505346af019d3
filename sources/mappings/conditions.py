"""What a mapping asks of a row before it reads it."""

from collections.abc import Callable, Sequence
from typing import Any

from sources.mappings.columns import Columns
from sources.mappings.model import Condition

Test = Callable[[Sequence[Any]], bool]


def condition(asked: Condition, columns: Columns) -> Test:
    """Whether a row is so; a file without the column has nothing in it."""
    index = columns.first(asked.column)
    if asked.is_ is not None:
        among = {one.casefold() for one in asked.is_}
        return lambda row: _text(row, index) in among
    if asked.is_not is not None:
        others = {one.casefold() for one in asked.is_not}
        return lambda row: _text(row, index) not in others
    if asked.begins is not None:
        begins = asked.begins.casefold()
        return lambda row: _text(row, index).startswith(begins)
    is_filled = asked.filled is not False
    return lambda row: bool(_text(row, index)) is is_filled


def all_of(tests: Sequence[Test]) -> Test | None:
    """Whether a row is all of these; None if nothing is asked."""
    if not tests:
        return None
    if len(tests) == 1:
        return tests[0]
    return lambda row: all(test(row) for test in tests)


def _text(row: Sequence[Any], index: int | None) -> str:
    return "" if index is None else str(row[index]).strip().casefold()
