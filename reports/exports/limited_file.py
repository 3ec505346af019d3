"""A file of this computer that refuses to grow too large, and that nobody else ever sees."""

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from database.scratch import scratch_folder


class TooLarge(Exception):
    """What is written exceeds the limit."""


class LimitedFile(io.FileIO):
    """Counts every byte that is written, by whatever library; raises TooLarge before one is too many."""

    def __init__(self, descriptor: int, limit_bytes: int) -> None:
        super().__init__(descriptor, "r+b")
        self._limit_bytes = limit_bytes

    def write(self, data: Any, /) -> int:
        if self.tell() + memoryview(data).nbytes > self._limit_bytes:
            raise TooLarge
        return super().write(data)


@contextmanager
def limited_file(limit_bytes: int) -> Iterator[io.BufferedRandom]:
    """An empty file in the data folder that has no name: it is gone with the process, however that ends."""
    with tempfile.TemporaryFile(dir=scratch_folder(), buffering=0) as unnamed:
        file = io.BufferedRandom(LimitedFile(os.dup(unnamed.fileno()), limit_bytes))
        try:
            yield file
        finally:
            _closed(file)


def _closed(file: io.BufferedRandom) -> None:
    try:
        file.close()
    except TooLarge:  # what is still buffered is too much too; the file goes anyway
        file.raw.close()
