"""Rows on their way into a source table."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Table:
    """Rows of one source table, without creator_id, which is the same in all."""

    name: str
    columns: tuple[str, ...]
    rows: Iterable[tuple[Any, ...]]
    key: tuple[str, ...] = ("creator_id", "id")
