"""The input of every format: columns, and rows in batches, each cell a plain value."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Literal
from zoneinfo import ZoneInfo

# An id is text that we made: never a formula, never long.
Kind = Literal["text", "id", "number", "boolean", "instant"]
Cell = str | int | float | bool | datetime | date | None

# The part of a printed page's width for columns that are printed on request only.
SHARES: Mapping[Kind, float] = {"text": 2.5, "id": 4, "number": 1.4, "boolean": 1.2, "instant": 2}

# Some rows, column by column: formats work on whole columns, which is several times faster.
Batch = list[Sequence[Any]]


def in_one_batch(batch: Batch) -> Generator[Batch]:
    """Rows that are already available."""
    yield batch


@dataclass(frozen=True)
class Column:
    """A column: its name in JSON, its title elsewhere, what it means.

    `words` are the screen labels of the database's values. `print_share` is its share
    of a printed page's width; 0: not printed.
    """

    key: str
    title: str
    kind: Kind
    meaning: str
    unit: str = ""
    words: Mapping[str, str] | None = field(default=None, compare=False)
    print_share: float = 0


@dataclass(frozen=True)
class About:
    """Whose data a file contains, of which course ("": all), and as of when. Times are in the creator's time zone."""

    creator_name: str
    zone: ZoneInfo
    generated_at: datetime
    figures_as_of: datetime | None
    data_version: int
    course: str = ""


@dataclass(frozen=True)
class Statement:
    """The rows of a type in SQL, with the order separate so that they can be counted."""

    body: str
    order: str
    parameters: Mapping[str, Any]
    most_rows: int | None = None

    @property
    def rows(self) -> str:
        limit = "" if self.most_rows is None else f" limit {self.most_rows:d}"
        return f"{self.body} order by {self.order}{limit}"

    @property
    def count(self) -> str:
        return f"select count(*) from ({self.body}) as counted"


@dataclass(frozen=True)
class Table:
    """Rows to be written, as they come, and their number."""

    name: str
    columns: Sequence[Column]
    batches: Generator[Batch]
    total: int
    about: About

    @property
    def titles(self) -> list[str]:
        """Each column's title; for times with their time zone."""
        zone = self.about.zone.key
        return [f"{column.title} ({zone})" if column.kind == "instant" else column.title for column in self.columns]


def with_columns(table: Table, keys: Sequence[str]) -> Table:
    """The table with these columns alone, in this order, all of them printed; without keys as it is."""
    if not keys:
        return table
    place_of = {column.key: place for place, column in enumerate(table.columns)}
    places = [place_of[key] for key in keys]
    columns = [table.columns[place] for place in places]
    printed = [replace(column, print_share=column.print_share or SHARES[column.kind]) for column in columns]
    return replace(table, columns=printed, batches=([batch[place] for place in places] for batch in table.batches))
