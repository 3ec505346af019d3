"""Events a second through one server process, and what an event takes: `python -m benchmarks.ingest`.

A throwaway embedded database, `uvicorn api.app:api` in one process, and clients on the same cores. The first batches of
every student are not counted: they make the students.
"""

import argparse
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from urllib.request import urlopen

import psutil
from sqlalchemy import text

from benchmarks.serving import free_port
from database.api_keys import new_key
from database.creators import add_creator
from database.engine import engine
from database.migrate import migrate
from database.settings import PROJECT_DIR
from database.throwaway import throwaway_data_folder

STUDENTS, VIDEOS, SECONDS_OF_A_BEAT = 1_000, 20, 10
TABLES = ("event_receipts", "watch_segments")
BYTES = text(
    """
    -- One row: with indexes, and without.
    select
        pg_total_relation_size(cast(:name as regclass))::bigint,
        pg_relation_size(cast(:name as regclass))::bigint
    """
)
SECONDS_TO_START = 60


@dataclass(frozen=True)
class Sent:
    """What was sent in how many seconds, and how long batches took in milliseconds."""

    events: int
    seconds: float
    batches: Sequence[float]

    @property
    def per_second(self) -> float:
        return self.events / self.seconds

    def slowest(self, share: float) -> float:
        return sorted(self.batches)[int(share * (len(self.batches) - 1))]


def main() -> None:
    """Measure batches of 500, 100 and 1."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--events", type=int, default=60_000, help="of the largest batches; fewer of small ones")
    parser.add_argument("--clients", type=int, default=4)
    chosen = parser.parse_args()
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    key = new_key(add_creator("Mira Vale", "enterprise", "UTC"), "Benchmark", "ingest").key
    with _served() as (port, server):
        beats = _beats()
        _send(port, key, list(islice(beats, 2 * STUDENTS)), 500, chosen.clients)
        before = _sizes()
        for size, events in ((500, chosen.events), (100, chosen.events // 3), (1, chosen.events // 60)):
            worked = _processor_seconds(server)
            sent = _send(port, key, list(islice(beats, events)), size, chosen.clients)
            worked = (_processor_seconds(server) - worked) / events
            print(
                f"batches of {size}: {sent.per_second:,.0f} events a second, a batch in {sent.slowest(0.5):.0f} ms "
                f"(95%: {sent.slowest(0.95):.0f} ms); "
                f"the server's own processor time is enough for {1 / worked:,.0f} a second"
            )
            if size == 500:
                for name, (bytes_with_indexes, bytes_of_rows) in _sizes().items():
                    now = (bytes_with_indexes, bytes_of_rows)
                    whole, row = ((held - was) / events for held, was in zip(now, before[name], strict=True))
                    print(f"{name}: {whole:.0f} bytes an event, {row:.0f} of them its row")


def _beats() -> Iterator[dict[str, object]]:
    """Beats of students who watch side by side, one every ten seconds, in the last days."""
    began = datetime.now(UTC) - timedelta(days=300)
    for number in range(10_000_000):
        beat, student = divmod(number, STUDENTS)
        start = beat * SECONDS_OF_A_BEAT % 600
        yield {
            "id": f"019a{number:028x}",
            "type": "watched",
            "at": (began + timedelta(seconds=beat * SECONDS_OF_A_BEAT, milliseconds=student)).isoformat(),
            "student": f"student-{student}",
            "video": f"video-{beat // 60 % VIDEOS}",
            "from": start,
            "to": start + SECONDS_OF_A_BEAT,
            "rate": 1,
            "session": f"session-{student}",
            "seq": beat,
        }


def _send(port: int, key: str, events: Sequence[dict[str, object]], size: int, clients: int) -> Sent:
    bodies = [json.dumps({"events": events[place : place + size]}).encode() for place in range(0, len(events), size)]
    began = time.monotonic()
    shares = [bodies[place::clients] for place in range(clients)]
    with ThreadPoolExecutor(clients) as pool:
        taken = list(pool.map(lambda mine: _send_all(port, key, mine), shares))
    return Sent(len(events), time.monotonic() - began, [one for of_client in taken for one in of_client])


def _send_all(port: int, key: str, bodies: Sequence[bytes]) -> list[float]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    taken = []
    for body in bodies:
        began = time.perf_counter()
        connection.request("POST", "/ingest/v1/batch", body, {"Authorization": f"Bearer {key}"})
        answer = connection.getresponse()
        told = json.loads(answer.read())
        if answer.status != 202 or told["rejected"] or told["duplicate"]:
            raise AssertionError(told)
        taken.append(1000 * (time.perf_counter() - began))
    connection.close()
    return taken


def _processor_seconds(process: psutil.Process) -> float:
    """What the server itself has used of the processor, however busy the computer is with others."""
    used = process.cpu_times()
    return float(used.user + used.system)


def _sizes() -> dict[str, tuple[int, int]]:
    with engine().begin() as connection:
        found = {name: connection.execute(BYTES, {"name": name}).one() for name in TABLES}
    return {name: (int(row[0]), int(row[1])) for name, row in found.items()}


@contextmanager
def _served() -> Iterator[tuple[int, psutil.Process]]:
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "api.app:api", "--port", str(port), "--log-level", "warning"]
    environment = {**os.environ, "INGEST_EVENTS_PER_MINUTE": "100000000"}
    process = subprocess.Popen(command, cwd=PROJECT_DIR, env=environment, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < end:
            try:
                with urlopen(f"http://127.0.0.1:{port}/health", timeout=2):
                    break
            except OSError:
                time.sleep(0.1)
        yield port, psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


if __name__ == "__main__":
    main()
