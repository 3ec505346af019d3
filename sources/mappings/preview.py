"""The first rows of a file: as they are, and as what a mapping makes of them."""

from collections.abc import Mapping as MappingType
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sources.facts import Line
from sources.files.given import GivenFile, beginning
from sources.files.reading import ReadAs, Table, opened
from sources.mappings.compiled import Compiled, Seen
from sources.mappings.model import Mapping

ROWS = 200


@dataclass(frozen=True)
class Sample:
    """The columns of a file, and its first rows; every cell is text. `is_whole`: it has no more rows."""

    file_name: str
    table: Table
    rows: list[list[object]] = field(default_factory=list)
    is_whole: bool = False

    def cells(self, column: str, most: int = 3) -> list[str]:
        """Some cells of a column that are not empty and differ."""
        place = self.table.header.index(column) + 1
        return list(dict.fromkeys(text for row in self.rows if (text := str(row[place]).strip())))[:most]


def sample(file: GivenFile, read_as: ReadAs) -> Sample:
    """The first rows. Raises InputError."""
    rows: list[list[object]] = []
    is_whole = False
    with opened(beginning(file), read_as) as found:
        for good, _ in found.blocks():
            rows += good
            if len(rows) >= ROWS:
                break
        else:
            is_whole = True
        return Sample(file.name, found.table, rows[:ROWS], is_whole)


@dataclass(frozen=True)
class Trial:
    """What a mapping makes of a sample."""

    lines: Sequence[Line]
    seen: Seen
    unused: Sequence[str]  # columns


def tried(one: Sample, mapping: Mapping, answers: MappingType[str, str], now: datetime, most: int = ROWS) -> Trial:
    """What the first rows say. Raises InputError if file and mapping do not fit together."""
    compiled = Compiled(mapping, one.table.header, one.file_name, answers, now)
    lines = [compiled.line(row) for row in one.rows[:most]]
    return Trial(lines, compiled.seen, compiled.unused)
