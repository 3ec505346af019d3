"""Rows of an export file, read strictly: the first invalid cell raises InputError with its place."""

import csv
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from database.importers.futurelearn_report import NoteProgress
from database.instants import BETWEEN, is_taken
from rules.errors import InputError

INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2} UTC")
STEP = re.compile(r"([1-9][0-9]{0,3})\.([1-9][0-9]{0,3})")
WHOLE_NUMBER = re.compile(r"[0-9]{1,9}")
PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,6})?")
LINES_PER_NOTE = 500
SHOWN_CHARACTERS = 60
REMOVE_ONE = "remove one of the two, or export the file again"
EXPORT_AGAIN = (  # removing a row would lose step 1.10
    "export the file again, for a spreadsheet program may have shortened 1.10 to 1.1. "
    "Remove a row only if both are about the same step"
)


class Step(NamedTuple):
    """A step of a course. Its text is not a number: 1.1 and 1.10 are two steps."""

    week: int
    number: int

    def __str__(self) -> str:
        return f"{self.week}.{self.number}"


@dataclass(frozen=True, slots=True)
class Row:
    """One row with its place. Every reader takes a column and raises InputError for an invalid value."""

    file: str
    line: int
    cells: Mapping[str, str]

    def text(self, column: str) -> str:
        if self.cells[column]:
            return self.cells[column]
        raise self._refused(column, "filled in")

    def instant(self, column: str) -> datetime:
        text = self.cells[column]
        try:
            instant = datetime.fromisoformat(text.replace(" UTC", "+00:00")) if INSTANT.fullmatch(text) else None
        except ValueError:
            instant = None  # well formed, but no such day or hour
        if instant and is_taken(instant):
            return instant
        if instant:
            raise self._refused(column, f"a time {BETWEEN}")
        raise self._refused(column, "a time such as 2018-06-11 09:30:00 UTC")

    def optional_instant(self, column: str) -> datetime | None:
        return self.instant(column) if self.cells[column] else None

    def whole_number(self, column: str, least: int = 0) -> int:
        text = self.cells[column]
        if WHOLE_NUMBER.fullmatch(text) and int(text) >= least:
            return int(text)
        raise self._refused(column, f"a whole number from {least} to 999999999")

    def percent(self, column: str) -> Decimal:
        text = self.cells[column]
        if PERCENT.fullmatch(text) and Decimal(text) <= 100:
            return Decimal(text)
        raise self._refused(column, "a number from 0 to 100")

    def step(self, column: str) -> Step:
        if found := STEP.fullmatch(self.cells[column]):
            return Step(int(found[1]), int(found[2]))
        raise self._refused(column, "week.step, such as 1.10")

    def one_of(self, column: str, known: Collection[str]) -> str:
        if self.cells[column] in known:
            return self.cells[column]
        raise self._refused(column, f"one of {', '.join(sorted(known))}")

    def duplicate(self, column: str, what: str, advice: str = REMOVE_ONE) -> InputError:
        return InputError(
            f"{self.file}, line {self.line}: {column} {_shown(self.cells[column])} has a second row {what}; {advice}."
        )

    def _refused(self, column: str, expected: str) -> InputError:
        shown = _shown(self.cells[column])
        return InputError(f"{self.file}, line {self.line}: {column} is {shown}; it must be {expected}.")


def rows(path: Path, columns: Collection[str], note_progress: NoteProgress) -> Iterator[Row]:
    """Every row of a CSV file with at least these columns, in file order; blank lines are skipped.

    Reports the bytes read under the file's name. Raises InputError for a missing column, a row
    with a different length from the header, broken quotes, bytes that are not UTF-8 and NUL characters.
    """
    reader = csv.reader(_lines(path, note_progress), strict=True)
    try:
        header = _checked_header(path, next(reader, []), columns)
        for cells in reader:
            if cells:
                yield Row(path.name, reader.line_num, _named(path, reader.line_num, header, cells))
    except csv.Error as error:
        raise InputError(f"{path.name}, line {reader.line_num}: not CSV ({error}); export the file again.") from error


def _lines(path: Path, note_progress: NoteProgress) -> Iterator[str]:
    total, done = path.stat().st_size, 0
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            yield _decoded(path, number, line)
            done += len(line)
            if number % LINES_PER_NOTE == 0:
                note_progress(path.name, done, total)
    note_progress(path.name, total, total)


def _decoded(path: Path, number: int, line: bytes) -> str:
    try:
        text = line.decode("utf-8-sig" if number == 1 else "utf-8")
    except UnicodeDecodeError as error:
        raise InputError(
            f"{path.name}, line {number}: byte 0x{line[error.start]:02x} is not UTF-8; "
            "save the file as UTF-8, or export it again."
        ) from error
    if "\0" in text:
        raise InputError(f"{path.name}, line {number}: holds a NUL character; export the file again.")
    return text


def _checked_header(path: Path, header: list[str], columns: Collection[str]) -> list[str]:
    missing = [column for column in columns if column not in header]
    if missing:
        found = ", ".join(header[:10]) or "nothing"
        raise InputError(
            f"{path.name}, line 1: the header lacks {', '.join(missing)}; it has {_shown(found)}. "
            "Export the file again and leave its first line as it is."
        )
    repeated = [column for column, times in Counter(header).items() if times > 1 and column in columns]
    if repeated:
        raise InputError(f"{path.name}, line 1: the header names {', '.join(repeated)} twice; remove one of the two.")
    return header


def _named(path: Path, line: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(header):
        raise InputError(
            f"{path.name}, line {line}: {len(cells)} fields, starting with {_shown(cells[0])}; "
            f"the header names {len(header)}. Export the file again."
        )
    return dict(zip(header, cells, strict=True))


def _shown(value: str) -> str:
    """The value in quotes, with control characters made visible, cut to fit on a line."""
    visible = "".join(character if character.isprintable() else "\N{REPLACEMENT CHARACTER}" for character in value)
    return f'"{visible[:SHOWN_CHARACTERS]}…"' if len(visible) > SHOWN_CHARACTERS else f'"{visible}"'
