"""The API's dashboard response: server time of a warm one and of a 304, and the rate this computer sustains.

Run alone as `python -m benchmarks.api`; part of `make bench`. The client runs on the same cores.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from uuid import UUID

from rich.console import Console
from rich.table import Table

from benchmarks.loaded import loaded
from benchmarks.measuring import Timing
from database.api_keys import add_key
from database.settings import PROJECT_DIR

ONE_BY_ONE = 1_000
CONNECTIONS = 8
SECONDS = 5.0
PATH = "/creator/dashboard?period=30d"


@dataclass(frozen=True)
class Answer:
    """The parts of a response that are measured: status, server time in ms, ETag."""

    status: int
    milliseconds: float
    tag: str


@dataclass(frozen=True)
class Measured:
    name: str
    server_time: Timing
    per_second: float


def measured_api(creator_id: UUID) -> list[Measured]:
    """A full warm response, and one that the caller already has."""
    with served() as port:
        return asyncio.run(_measured(port, add_key(creator_id, "Benchmark", "read")))


def print_api(screen: Console, creator_id: UUID) -> None:
    """One table: server time and sustained rate."""
    table = Table(
        "GET /api/creator/dashboard", "server p50 ms", "server p95 ms", f"a second, {CONNECTIONS} connections"
    )
    for one in measured_api(creator_id):
        table.add_row(one.name, f"{one.server_time.p50:.2f}", f"{one.server_time.p95:.2f}", f"{one.per_second:,.0f}")
    screen.print(table)


async def _measured(port: int, key: str) -> list[Measured]:
    connection = await Connection.to(port)
    plain = _request(key)
    first = [await connection.ask(plain) for _ in range(10)][-1]
    known = _request(key, first.tag)
    measured = []
    for name, request, status in (("warm, in full", plain, 200), ("304, not modified", known, 304)):
        connection = await Connection.to(port)  # the server closes an idle one
        times = [(await _checked(connection, request, status)).milliseconds for _ in range(ONE_BY_ONE)]
        slow_end = statistics.quantiles(times, n=20, method="inclusive")[-1]
        measured.append(Measured(name, Timing(statistics.median(times), slow_end), await _rate(port, request, status)))
    return measured


async def _rate(port: int, request: bytes, status: int) -> float:
    """Responses a second over all connections; each asks again as soon as it gets one."""
    began = time.perf_counter()
    counts = await asyncio.gather(*(_busy(port, request, status, began + SECONDS) for _ in range(CONNECTIONS)))
    return sum(counts) / (time.perf_counter() - began)


async def _busy(port: int, request: bytes, status: int, until: float) -> int:
    connection, answered = await Connection.to(port), 0
    while time.perf_counter() < until:
        await _checked(connection, request, status)
        answered += 1
    return answered


async def _checked(connection: "Connection", request: bytes, status: int) -> Answer:
    answer = await connection.ask(request)
    # When five minutes are over the tag changes, and one 304 is a 200.
    if answer.status != status and not (status == 304 and answer.status == 200):
        raise RuntimeError(f"the API answered {answer.status} instead of {status}")
    return answer


class Connection:
    """A connection that stays open; it handles raw bytes only, because the client shares the server's cores."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port: int) -> "Connection":
        return cls(*await asyncio.open_connection("127.0.0.1", port))

    async def ask(self, request: bytes) -> Answer:
        self.writer.write(request)
        head = (await self.reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
        await self.reader.readexactly(int(headers.get("content-length", 0)))
        milliseconds = float(headers["server-timing"].removeprefix("app;dur="))
        return Answer(int(head[0].split()[1]), milliseconds, headers.get("etag", "").replace("w/", "W/"))


def _request(key: str, tag: str | None = None) -> bytes:
    lines = [f"GET {PATH} HTTP/1.1", "Host: 127.0.0.1", f"Authorization: Bearer {key}"]
    if tag:
        lines.append(f"If-None-Match: {tag}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


@contextmanager
def served() -> Iterator[int]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "uvicorn", "api.app:api", "--port", str(port), "--log-level", "warning"],
        cwd=PROJECT_DIR,
        env={**os.environ, "API_REQUESTS_PER_MINUTE": "100000000"},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with closing(socket.socket()) as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise RuntimeError("The API did not start within a minute.")


def main() -> None:
    """Measure on a database of its own with the demo data."""
    report = loaded()
    largest = max(report.creators, key=lambda creator: creator.students)
    print_api(Console(), largest.id)


if __name__ == "__main__":
    main()
