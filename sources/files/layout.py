"""Where the header of a file is, how its columns are called, and which rows are none of its data."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

MOST_COLUMNS = 1_000
ROWS_LOOKED_AT = 200
LONGEST_TOLD = 200  # characters of a row that was refused
TOTALS = frozenset(
    {"total", "totals", "grand total", "sum", "gesamt", "summe", "gesamtsumme", "suma", "totale", "totaal"}
)

# Row: the number of its line, and its cells. Refused: the number of its line, the column, the value, and the rule.
Row = list[int | str]
Refused = tuple[int, str | None, str, str]


class NotATable(Exception):
    """The file cannot be read as rows; the message is for people, and names the line if there is one."""


@dataclass
class Layout:
    """What was found out about a file before its first row. `notes` are sentences for people."""

    header: list[str]
    header_line: int
    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def usual_width(rows: Iterable[Sequence[str]]) -> tuple[int, int]:
    """The most frequent number of fields above one, the larger or later one in a tie, and how many rows have it."""
    counted = Counter(len(row) for row in rows if len(row) > 1)
    if not counted:
        return 1, 0
    later = {width: place for place, width in enumerate(counted)}
    width = max(counted, key=lambda one: (counted[one], later[one]))
    return width, counted[width]


def column_names(cells: Sequence[str]) -> list[str]:
    """Names that differ: a second "Score" is "Score (2)", and the fourth column without a name is "column 4"."""
    if len(cells) > MOST_COLUMNS:
        raise NotATable(f"The file has {len(cells):,} columns; at most {MOST_COLUMNS:,} can be read.")
    names: list[str] = []
    taken: set[str] = set()
    for place, cell in enumerate(cells, 1):
        name = " ".join(cell.replace("\0", " ").split()) or f"column {place}"
        unique, number = name, 1
        while unique in taken:
            number += 1
            unique = f"{name} ({number})"
        taken.add(unique)
        names.append(unique)
    return names


def told(cells: Iterable[str]) -> str:
    """The beginning of a row, as an error shows it."""
    return " | ".join(cells)[:LONGEST_TOLD]


def fitted(line: int, cells: list[str], header: Sequence[str]) -> Row | Refused:
    """The row, or why its number of fields makes it impossible to say which column is which."""
    width, found = len(header), len(cells)
    if found > width and not any(cells[width:]):
        del cells[width:]
    elif found > width:
        rule = f"The line has {found} fields, the header {width}. Put quotes around text that has a separator in it."
        return line, f"column {width + 1}", told(cells), rule
    elif found < width:
        rule = f"The line has {found} of the header's {width} fields."
        return line, header[found], told(cells), rule
    return [line, *cells]


def without_total(rows: Iterator[tuple[int, list[str], bool]], notes: list[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows but a last one that adds the others up, which becomes a note.

    Takes the number of the line, the cells, and whether a blank line stands before it.
    """
    last: tuple[int, list[str], bool] | None = None
    for row in rows:
        if last is not None:
            yield last[:2]
        last = row
    if last is None:
        return
    line, cells, after_blank = last
    if _is_total(cells, after_blank):
        notes.append(f"Line {line:,} looks like the total of the others and was left out.")
    else:
        yield line, cells


def _is_total(cells: Sequence[str], after_blank: bool) -> bool:
    filled = [cell for cell in cells if cell.strip()]
    if not filled or filled[0].strip(" :").casefold() not in TOTALS:
        return False
    return after_blank or len(filled) < len(cells)
