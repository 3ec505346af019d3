"""The child that reads one file of rows. Run as a script: it knows neither other files nor the network.

The file comes on standard input. On standard output goes one JSON value a line: the layout, then blocks of rows and of
refused lines, and at the end the notes.
"""

import json
import os
import resource
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

ROWS_IN_A_BLOCK = 1_000
CHARACTERS_IN_A_BLOCK = 500_000
MEGABYTE = 1024**2


def main() -> None:
    kind, name, megabytes, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what a library prints must not look like an answer
    from sources.files.layout import NotATable

    _limit(megabytes, seconds)
    try:
        for answer in answers(kind, name, sys.stdin.buffer):
            out.write(json.dumps(answer, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n")
            out.flush()
    except NotATable as error:
        out.write(json.dumps({"not_a_table": str(error)}).encode() + b"\n")
        out.flush()


def answers(kind: str, name: str, stream: BinaryIO) -> Iterator[object]:
    """The layout, then blocks of rows and refused lines, then the notes. Raises NotATable."""
    from sources.files.layout import fitted

    if kind == "excel":
        from sources.files.excel import excel_table

        layout, rows = excel_table(stream, name or None)
    elif kind == "engagement":
        from sources.files.engagement import engagement_table

        layout, rows = engagement_table(stream)
    elif kind == "tracking":
        from sources.files.tracking import tracking_table

        layout, rows = tracking_table(stream)
    else:
        from sources.files.text import text_table

        layout, rows = text_table(stream, name)
    yield vars(layout)
    header, notes = layout.header, list(layout.notes)
    good: list[object] = []
    bad: list[object] = []
    width, characters = len(header), 0
    for line, cells in rows:
        if len(cells) == width:
            good.append([line, *cells])
        else:
            if kind == "excel" and len(cells) < width:
                cells += [""] * (width - len(cells))
            row = fitted(line, cells, header)
            (good if isinstance(row, list) else bad).append(row)
        characters += sum(map(len, cells))
        if len(good) + len(bad) >= ROWS_IN_A_BLOCK or characters > CHARACTERS_IN_A_BLOCK:
            yield [good, bad]
            good, bad, characters = [], [], 0
    yield [good, bad]
    yield {"notes": [note for note in layout.notes if note not in notes]}


def _limit(megabytes: int, seconds: int) -> None:
    """Limits writable memory and computing time; allows no writing of files and no core dumps."""
    for name, most in (
        ("RLIMIT_DATA", megabytes * MEGABYTE),
        ("RLIMIT_CPU", seconds),
        ("RLIMIT_FSIZE", 0),
        ("RLIMIT_CORE", 0),
    ):
        resource.setrlimit(getattr(resource, name), (most, most))


if __name__ == "__main__":
    main()
