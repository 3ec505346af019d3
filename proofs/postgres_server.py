"""A separate PostgreSQL that may be restarted and crashed: nothing else uses it."""

import os
import random
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import URL, make_url

USER = "postgres"
SECONDS = 240  # a checkpoint on a slow disk takes its time
LAST_LINES = 40
# What a server confirmed is on disk even if it is killed: so no `fsync = off` here.
SETTINGS = "-c listen_addresses=127.0.0.1 -c max_connections=60 -c unix_socket_directories={folder}"


@dataclass(frozen=True)
class APostgres:
    folder: Path
    port: int

    @property
    def url(self) -> URL:
        return make_url(f"postgresql://{USER}@127.0.0.1:{self.port}/{USER}")

    def start(self) -> None:
        self._control("start", "-o", f"-p {self.port} {SETTINGS.format(folder=self.folder)}")

    def stop(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        self._control("stop", "-m", mode)

    def restart(self, mode: Literal["fast", "immediate"] = "fast") -> None:
        """Restart it; returns when it responds again."""
        self._control("restart", "-m", mode)

    def _control(self, *arguments: str) -> None:
        log = self.folder / "log"
        try:
            run("pg_ctl", "-D", str(self.folder / "data"), "-l", str(log), "-w", "-t", str(SECONDS), *arguments)
        except subprocess.CalledProcessError as error:
            error.add_note(f"{error.stdout}\nThe server's own log ends:\n{last_lines(log)}")
            raise


def a_port_to_come_back_to() -> int:
    """A port below those that the system gives to clients, one of which could take it while the server is away."""
    for port in random.sample(range(15_000, 30_000), 100):
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port
    raise RuntimeError("of 100 ports none is free")


@contextmanager
def a_postgres() -> Iterator[APostgres]:
    """A new server on a free port, in a temporary folder."""
    folder = Path(tempfile.mkdtemp(prefix="proof-postgres-"))
    if os.getuid() == 0:
        shutil.chown(folder, USER)
    server = APostgres(folder, a_port_to_come_back_to())
    try:
        run("initdb", "-D", str(folder / "data"), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        server.start()
        yield server
        server.stop("immediate")
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)


def run(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs, which refuse to be run by root."""
    options = {"user": USER, "group": USER} if os.getuid() == 0 else {}
    subprocess.run(
        [program_path(program), *arguments],
        cwd="/",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=2 * SECONDS,
        check=True,
        **options,
    )


def last_lines(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LAST_LINES:]) if log.exists() else "(there is none)"


def program_path(name: str) -> str:
    """The path of a program outside PATH, as Debian installs them; an error, not a skip, without one."""
    debian = sorted(Path("/usr/lib/postgresql").glob(f"*/bin/{name}"))
    found = str(debian[-1]) if debian else shutil.which(name)
    assert found, f"{name} is not installed; these proofs need PostgreSQL 15 or later"
    return found
