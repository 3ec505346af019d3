"""A temporary file with a size limit that nobody else can see."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from database.scratch import scratch_folder


class TooLarge(Exception):
    """The file would exceed the limit."""


class LimitedFile(io.FileIO):
    """Counts every byte written, by any library; raises TooLarge before the limit is exceeded."""

    def __init__(self, descriptor: int, limit_bytes: int) -> None:
        super().__init__(descriptor, "r+b")
        self._limit_bytes = limit_bytes

    def write(self, data: Any, /) -> int:
        if self.tell() + memoryview(data).nbytes > self._limit_bytes:
            raise TooLarge
        return super().write(data)


@contextmanager
def limited_file(limit_bytes: int) -> Iterator[io.BufferedRandom]:
    """An empty unnamed file in the data folder: it disappears with the process, however that ends."""
    with tempfile.TemporaryFile(dir=scratch_folder(), buffering=0) as unnamed:
        file = io.BufferedRandom(LimitedFile(os.dup(unnamed.fileno()), limit_bytes))
        try:
            yield file
        finally:
            _closed(file)


def _closed(file: io.BufferedRandom) -> None:
    try:
        file.close()
    except TooLarge:  # what is still buffered is too much as well; the file is removed anyway
        file.raw.close()
