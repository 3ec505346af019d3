"""The columns of a file, found by their names regardless of case and of spaces around them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from rules.errors import InputError
from sources.mappings.numbers import number
from sources.mappings.wrong import Wrong

PART = re.compile(r"<([a-z_]+)>")
NAMED = re.compile(r"\{([a-z_]+)\}")
LAST_NUMBER = re.compile(r"(\d+(?:[.,]\d+)?)\)?$", re.A)
NUMBERED = re.compile(r" \(\d+\)$", re.A)  # what tells equal names apart


@dataclass(frozen=True)
class Place:
    """One of the columns that look alike, and the parts of its name."""

    index: int
    parts: dict[str, str]


class Columns:
    """Positions in a row, whose first item is the number of its line."""

    def __init__(self, header: Sequence[str], file_title: str) -> None:
        self._names = list(header)
        self._index = {_key(name): place for place, name in reversed(list(enumerate(header, 1)))}
        self._title = file_title
        self._used: set[int] = set()

    @property
    def unused(self) -> list[str]:
        """The columns that nobody has asked for."""
        return [name for place, name in enumerate(self._names, 1) if place not in self._used]

    def first(self, names: Sequence[str]) -> int | None:
        """Where the first of these columns is that the file has."""
        found = next((self._index[_key(name)] for name in names if _key(name) in self._index), None)
        if found is not None:
            self._used.add(found)
        return found

    def index(self, *names: str) -> int:
        """The same. Raises InputError naming the column and those that there are."""
        found = self.first(names)
        if found is None:
            there = ", ".join(f"“{name}”" for name in self._names[:30])
            raise InputError(f"The file has no column “{' or '.join(names)}”; its columns are {there}.")
        return found

    def name(self, index: int) -> str:
        """Raises InputError beyond the last column."""
        if index > len(self._names):
            raise InputError(f"The mapping looks for a column behind “{self._names[-1]}”, and there is none.")
        self._used.add(index)
        return self._names[index - 1]

    def filled(self, *names: str) -> Callable[[Sequence[Any]], bool]:
        """Whether the column is not empty; never for a file that does not have it."""
        index = self.first(names)
        return (lambda _: False) if index is None else (lambda row: bool(row[index].strip()))

    def like(self, shape: str) -> list[Place]:
        """The columns whose names look so, such as `Q. <number> /<points>`."""
        pattern = _pattern(shape)
        found = []
        for place, name in enumerate(self._names, 1):
            match = pattern.fullmatch(name)
            if match:
                self._used.add(place)
                found.append(Place(place, {key: part.strip() for key, part in match.groupdict().items()}))
        return found

    def filled_in(self, text: str, place: Place | None) -> str:
        """The text with the parts of the column's name, and the file's name. Raises InputError for an unknown part."""
        parts = {"file": self._title} | (place.parts if place else {})

        def part(found: "re.Match[str]") -> str:
            if found[1] not in parts:
                raise InputError(f"The mapping has {{{found[1]}}} in a text, and there is only {', '.join(parts)}.")
            return parts[found[1]]

        return NAMED.sub(part, text)

    def points(self, column: str) -> float | None:
        """The number at the end of the column's name, such as 10 in `Grade/10.00`."""
        found = LAST_NUMBER.search(NUMBERED.sub("", column))
        return float(found[1].replace(",", ".")) or None if found else None

    @staticmethod
    def points_of(cell: str, numbers: str | None = None) -> float | None:
        """The points in a cell; None if it is no number above 0."""
        try:
            return number(cell.strip(), numbers) or None
        except Wrong:
            return None


def _pattern(shape: str) -> "re.Pattern[str]":
    """Its parts take as little as they can, and nothing else in it is more than a letter."""
    pieces = PART.split(shape)
    written = "".join(re.escape(piece) if place % 2 == 0 else f"(?P<{piece}>.+?)" for place, piece in enumerate(pieces))
    return re.compile(written, re.IGNORECASE)


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
