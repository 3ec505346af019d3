"""Processes that take portions of every creator in turn, as a worker does, and can be caught in the middle of one.

`python -m proofs.portion_takers NAME` is one of them; its connections carry the name.
"""

import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError

from database import refresh
from database.engine import engine
from database.settings import PROJECT_DIR

# What `database.refresh` calls so: a generation takes many portions.
SMALL = {"MOST_KEYS": 150, "FIRST_STUDENTS": 1, "MOST_STUDENTS": 1}
PAUSE_SECONDS = 0.01
SECONDS = 60

IS_CONNECTED = "datname = current_database() and application_name = :name"
# One row; null without a connection.
IN_A_PORTION = text(
    f"""
    select bool_or(state = 'active' and query ~ '(refresh_portion|build_beside)[(]') as is_in_a_portion
    from pg_stat_activity
    where {IS_CONNECTED}
    """
)
BUILDING = text("select exists (select from creator_generations where state = 'building')")
TERMINATE = text(f"select pg_terminate_backend(pid) from pg_stat_activity where {IS_CONNECTED}")


class Taker:
    """One process, which is restarted whenever it was killed."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.process = self._started()

    def kill(self) -> None:
        """Kill the process: its statement on the server runs to its end and is never committed."""
        self.process.kill()
        self.process.wait(SECONDS)
        self.process = self._started()

    def lose_connections(self) -> None:
        """Let the server end at once what it does for this process."""
        with engine().begin() as connection:
            connection.execute(TERMINATE, {"name": self.name})

    def is_in_a_portion(self) -> bool | None:
        """Whether it is in a portion; None without a connection."""
        with engine().connect() as connection:
            found: bool | None = connection.execute(IN_A_PORTION, {"name": self.name}).scalar_one()
        return found

    def wait_until_it_is(self, in_a_portion: bool, while_building: bool) -> None:
        """Wait until it is in a portion or between two and, if asked, while a generation is being built."""
        ends = time.monotonic() + SECONDS
        while self.is_in_a_portion() is not in_a_portion or (while_building and not a_generation_is_built()):
            assert self.process.poll() is None, f"{self.name} ended by itself with status {self.process.returncode}"
            assert time.monotonic() < ends, (
                f"{self.name} is not seen {'within a' if in_a_portion else 'between'} portions"
            )
            time.sleep(0.002)

    def _started(self) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            [sys.executable, "-m", "proofs.portion_takers", self.name], cwd=PROJECT_DIR, stderr=subprocess.DEVNULL
        )


@contextmanager
def takers(number: int) -> Iterator[list[Taker]]:
    with ExitStack() as stack:
        started = [Taker(f"taker {n}") for n in range(number)]
        for taker in started:
            stack.callback(lambda taker=taker: (taker.process.kill(), taker.process.wait(SECONDS)))  # type: ignore[misc]
        yield started


def a_generation_is_built() -> bool:
    with engine().connect() as connection:
        return bool(connection.execute(BUILDING).scalar_one())


def take_portions(name: str) -> None:
    """Take portions until this process is killed."""
    for name_of_size, size in SMALL.items():
        setattr(refresh, name_of_size, size)
    event.listen(engine(), "connect", lambda connection, _record: _call_it(connection, name))
    while True:
        with suppress(DBAPIError):  # its connection is gone: a worker would start over
            refresh.refresh_stale()
        time.sleep(PAUSE_SECONDS)


def _call_it(connection: Any, name: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("select set_config('application_name', %s, false)", (name,))
    connection.commit()


if __name__ == "__main__":
    take_portions(sys.argv[1])
