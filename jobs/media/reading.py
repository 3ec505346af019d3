"""Reads a media file in a child process: limited in memory, time, and in how much of the file it may see."""

import os
import selectors
import struct
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

Work = Literal["facts", "poster"]
Bytes = Callable[[int, int], bytes]  # from this place, so many

CHILD = Path(__file__).with_name("child.py")
REQUEST, LENGTH = struct.Struct(">cQI"), struct.Struct(">I")
LONGEST_READ = 1024 * 1024
LONGEST_RESULT = 4 * 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What a child may use: memory, computing time, time on the clock, and bytes and reads of the file."""

    megabytes: int = 512
    cpu_seconds: int = 30
    seconds: float = 120.0
    bytes_read: int = 512 * 1024 * 1024
    reads: int = 100_000


class CannotBeRead(Exception):
    """The child ended without a result, as it does over a file that is broken or hostile."""


class TookTooLong(CannotBeRead):
    """The child was stopped: the time on the clock was over, which a slow storage may be to blame for."""


def read_media(work: Work, size_bytes: int, content: Bytes, limits: Limits = Limits()) -> bytes:
    """What the child says about a file of this size, whose bytes come from `content`.

    Raises CannotBeRead, and whatever `content` raises. Nothing of the child is left when this returns.
    """
    command = [sys.executable, "-I", str(CHILD), work, str(size_bytes), str(limits.megabytes), str(limits.cpu_seconds)]
    child = subprocess.Popen(  # noqa: S603  # our own file
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env={}, cwd="/"
    )
    try:
        return _Talk(child, size_bytes, content, limits).result()
    finally:
        child.kill()
        child.communicate()


class _Talk:
    """The parent's side: gives out bytes until there is a result, a limit is reached or the child is gone."""

    def __init__(self, child: "subprocess.Popen[bytes]", size_bytes: int, content: Bytes, limits: Limits) -> None:
        if child.stdin is None or child.stdout is None:
            raise ValueError("The child needs two pipes.")
        self._asked, self._given = child.stdout.fileno(), child.stdin.fileno()
        self._size, self._content, self._limits = size_bytes, content, limits
        self._ends = time.monotonic() + limits.seconds
        os.set_blocking(self._given, False)

    def result(self) -> bytes:
        read = 0
        for _ in range(self._limits.reads):
            kind, place, length = REQUEST.unpack(self._take(REQUEST.size))
            if kind == b"D" and length <= LONGEST_RESULT:
                return self._take(length)
            read += length
            if kind != b"R" or length > LONGEST_READ or place + length > self._size or read > self._limits.bytes_read:
                break
            content = self._content(place, length)
            self._give(LENGTH.pack(len(content)) + content)
        raise CannotBeRead

    def _take(self, length: int) -> bytes:
        taken = bytearray()
        while len(taken) < length:
            self._wait(self._asked, selectors.EVENT_READ)
            part = os.read(self._asked, length - len(taken))
            if not part:
                raise CannotBeRead
            taken += part
        return bytes(taken)

    def _give(self, content: bytes) -> None:
        view = memoryview(content)
        while view:
            self._wait(self._given, selectors.EVENT_WRITE)
            try:
                view = view[os.write(self._given, view) :]
            except BrokenPipeError:
                raise CannotBeRead from None

    def _wait(self, place: int, event: int) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(place, event)
            if not selector.select(max(0.0, self._ends - time.monotonic())):
                raise TookTooLong
