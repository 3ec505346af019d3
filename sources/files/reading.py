"""Reads a file of rows in a child process: limited in memory and time, since a file may be hostile."""

import json
import os
import selectors
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from rules.errors import InputError
from sources.facts import Refusal
from sources.files.given import GivenFile, encoding_of, known_encoding

CHILD = Path(__file__).with_name("child.py")
MEGABYTES = 400  # of a child; a text needs a tenth of it
SECONDS, BYTES_A_SECOND = 30, 2 * 1024**2  # computing time: this, and what a large file may need in addition
SILENT_SECONDS = 60.0
LONGEST_ANSWER = 64 * 1024**2
DAMAGED = "The file cannot be read: it is damaged, or it needs too much memory. Save it again as CSV, or in parts."

Row = list[Any]  # the number of its line, and its cells as text


@dataclass
class Table:
    """What is known before the first row. `notes` (sentences for people) are complete when all rows have been read."""

    header: list[str]
    header_line: int
    separator: str | None = None
    encoding: str | None = None
    sheet: str | None = None
    sheets: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class ReadAs:
    """How a file is to be read where it does not say so itself: its encoding, and which sheet of a workbook."""

    encoding: str | None = None
    sheet: str | None = None


class Opened:
    """A file whose header has been read."""

    def __init__(self, table: Table, answers: Iterator[Any]) -> None:
        self.table = table
        self._answers = answers

    def blocks(self) -> Iterator[tuple[list[Row], list[Refusal]]]:
        """The rows a thousand at a time, with the lines that were refused among them.

        Raises InputError if the rest of the file cannot be read.
        """
        for answer in self._answers:
            if isinstance(answer, list):
                yield answer[0], [Refusal(*refused) for refused in answer[1]]
            else:
                self.table.notes += answer["notes"]


@contextmanager
def opened(file: GivenFile, read_as: ReadAs = ReadAs()) -> Iterator[Opened]:
    """Read the header, and the rows as they are asked for. Raises InputError. Nothing of the child is left then."""
    if file.size_bytes == 0:
        raise InputError("The file is empty.")
    kind = file.kind
    name = _encoding(file, read_as) if kind == "text" else read_as.sheet or ""
    seconds = SECONDS + file.size_bytes // BYTES_A_SECOND
    command = [sys.executable, "-I", str(CHILD), kind, name, str(MEGABYTES), str(seconds)]
    child = subprocess.Popen(  # noqa: S603  # our own file
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    )
    feeder = _Feeder(child, file)
    try:
        feeder.start()
        answers = _answers(child)
        yield Opened(Table(**next(answers)), answers)
    except StopIteration:
        raise InputError(DAMAGED) from None
    finally:
        child.kill()
        child.wait()
        feeder.join()
        if child.stdout:
            child.stdout.close()
    if feeder.error:
        raise feeder.error


def _encoding(file: GivenFile, read_as: ReadAs) -> str:
    return known_encoding(read_as.encoding) if read_as.encoding else encoding_of(file)


class _Feeder(threading.Thread):
    """Passes the file to the child; what the storage raises is kept for the one who reads."""

    def __init__(self, child: "subprocess.Popen[bytes]", file: GivenFile) -> None:
        super().__init__(name="import feeder", daemon=True)
        self._child, self._file = child, file
        self.error: Exception | None = None

    def run(self) -> None:
        pipe = self._child.stdin
        if pipe is None:
            return
        try:
            for chunk in self._file.chunks():
                pipe.write(chunk)
        except BrokenPipeError:
            pass  # the child has seen enough, or is gone: its answers say so
        except Exception as error:
            self.error = error
            self._child.kill()
        finally:
            with suppress(BrokenPipeError):
                pipe.close()


def _answers(child: "subprocess.Popen[bytes]") -> Iterator[Any]:
    """What the child writes, value by value. Raises InputError if it ends without an end."""
    if child.stdout is None:
        raise ValueError("The child needs two pipes.")
    last: Any = None
    for line in _lines(child.stdout.fileno()):
        last = json.loads(line)
        if isinstance(last, dict) and "not_a_table" in last:
            raise InputError(str(last["not_a_table"]))
        yield last
    if not isinstance(last, dict) or "header" in last:
        raise InputError(DAMAGED)


def _lines(pipe: int) -> Iterator[bytes]:
    kept = bytearray()
    with selectors.DefaultSelector() as selector:
        selector.register(pipe, selectors.EVENT_READ)
        while True:
            if not selector.select(SILENT_SECONDS):
                raise InputError(DAMAGED)
            part = os.read(pipe, 1024 * 1024)
            if not part:
                return
            kept += part
            if part.find(b"\n") < 0:
                if len(kept) > LONGEST_ANSWER:
                    raise InputError(DAMAGED)
                continue
            *whole, rest = bytes(kept).split(b"\n")
            yield from whole
            kept = bytearray(rest)
