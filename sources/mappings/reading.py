"""Reads a file by a mapping: lines of facts, and what was seen on the way."""

from collections.abc import Iterator
from collections.abc import Mapping as MappingType
from contextlib import contextmanager
from dataclasses import dataclass, field

from database.clock import now
from sources.facts import Line, Refusal
from sources.files.given import GivenFile
from sources.files.reading import Opened, ReadAs, Row, Table, opened
from sources.mappings.compiled import Compiled, Seen
from sources.mappings.model import Mapping

MOST_NAMED = 50


@dataclass(frozen=True)
class HowToRead:
    """A mapping, the answers to its questions, and how the file itself is read."""

    mapping: Mapping
    answers: MappingType[str, str] = field(default_factory=dict)
    read_as: ReadAs = field(default_factory=ReadAs)


class Read:
    """A file that is being read. `seen` and the table's notes are complete when all lines have been taken."""

    def __init__(self, file: Opened, compiled: Compiled) -> None:
        self.table: Table = file.table
        self.seen: Seen = compiled.seen
        self._file, self._compiled = file, compiled
        if compiled.unused:
            self.table.notes.append(f"Columns that are not used: {', '.join(compiled.unused[:MOST_NAMED])}.")

    def lines(self) -> Iterator[Line]:
        """What each line says, in order. Raises InputError."""
        line = self._compiled.line
        for rows, refusals in self._file.blocks():
            if refusals:
                yield from self._in_order(rows, refusals)
            else:
                yield from map(line, rows)

    def _in_order(self, rows: list[Row], refusals: list[Refusal]) -> Iterator[Line]:
        self.seen.refused_lines += len(refusals)
        said = [self._compiled.line(row) for row in rows]
        return iter(sorted([*said, *(Line(one.line, (), (one,)) for one in refusals)], key=lambda one: one.number))


@contextmanager
def read_by(file: GivenFile, how: HowToRead) -> Iterator[Read]:
    """Read the file by the mapping. Raises InputError if file and mapping do not fit together."""
    with opened(file, how.read_as) as found:
        yield Read(found, Compiled(how.mapping, found.table.header, file.name, how.answers, now()))
