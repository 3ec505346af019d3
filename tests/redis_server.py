"""A Redis of the test's own."""

import os
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Any

from redis import Redis
from redis.exceptions import RedisError

SECONDS_TO_START = 10


@dataclass
class ARedis:
    """A server that can be made to hang, filled, stopped and started again."""

    port: int
    process: subprocess.Popen[bytes] | None = None
    client: Redis = field(init=False)

    def __post_init__(self) -> None:
        self.client = Redis(port=self.port, socket_timeout=5)

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def keys(self) -> list[bytes]:
        """The keys of answers, without claims."""
        return [key for key in self.client.scan_iter("dashboard:*") if not key.endswith(b":claim")]

    def start(self) -> None:
        program = shutil.which("redis-server")
        assert program, "redis-server is not installed"
        self.process = subprocess.Popen(
            [program, "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        deadline = monotonic() + SECONDS_TO_START
        while not self._answers():
            assert monotonic() < deadline, "redis-server did not start"
            sleep(0.02)

    def stop(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGCONT)
            self.process.terminate()
            self.process.wait(10)
            self.process = None
        self.client.connection_pool.disconnect()

    def hang(self) -> None:
        assert self.process
        os.kill(self.process.pid, signal.SIGSTOP)

    def fill(self) -> None:
        self.client.config_set("maxmemory-policy", "noeviction")
        self.client.config_set("maxmemory", "1")

    def _answers(self) -> bool:
        try:
            return bool(self.client.ping())
        except RedisError:
            return False


@contextmanager
def a_redis(port: int | None = None) -> Iterator[ARedis]:
    redis = ARedis(port or a_free_port())
    redis.start()
    try:
        yield redis
    finally:
        redis.stop()
        redis.client.close()


def a_free_port() -> int:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port: Any = probe.getsockname()[1]
        return int(port)
