"""Mail servers for tests: one that accepts everything, and one that misbehaves as told."""

import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP

HANG, RESET, CLOSE = "hang", "reset", "close"
OK = b"250 fine\r\n"


@dataclass(frozen=True)
class Taken:
    sender: str
    recipients: list[str]
    content: bytes


@dataclass
class Sink:
    """Accepts every email; `refused` maps a recipient to the reply it gets."""

    taken: list[Taken] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)
    port: int = 0

    async def handle_RCPT(self, server: SMTP, session: Any, envelope: Any, address: str, options: list[str]) -> str:
        if address in self.refused:
            return self.refused[address]
        envelope.rcpt_tos.append(address)
        return "250 fine"

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Any) -> str:
        self.taken.append(Taken(envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content))
        return f"250 taken as {len(self.taken)}"

    @property
    def recipients(self) -> list[str]:
        return [address for mail in self.taken for address in mail.recipients]


@contextmanager
def a_mail_server(handle_data: Any = None, **options: Any) -> Iterator[Sink]:
    """aiosmtpd on a free port of this computer; `handle_data` receives the emails instead."""
    sink = Sink(port=free_port())
    if handle_data:
        vars(sink)["handle_DATA"] = handle_data
    controller = Controller(sink, hostname="127.0.0.1", port=sink.port, **options)
    controller.start()
    try:
        yield sink
    finally:
        controller.stop()


@dataclass
class Misbehaving:
    """A server that behaves except at one stage, for the first few times.

    Stages: banner, ehlo, mail, rcpt, data, content (after the first bytes of it), end.
    """

    stage: str
    action: str | bytes
    times: int = 1
    taken: list[bytes] = field(default_factory=list)
    port: int = 0
    stopped: threading.Event = field(default_factory=threading.Event)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection: socket.socket) -> None:
        with connection:
            try:
                self.say(connection, "banner", b"220 here\r\n")
                self.converse(connection, connection.makefile("rb"))
            except (OSError, ConnectionAbortedError):
                pass

    def converse(self, connection: socket.socket, lines: Any) -> None:
        replies = {"ehlo": b"250-here\r\n250 8BITMIME\r\n", "data": b"354 go on\r\n", "quit": b"221 bye\r\n"}
        while line := lines.readline():
            verb = line.split()[0].lower().decode()
            self.say(connection, verb, replies.get(verb, OK))
            if verb == "quit":
                return
            if verb == "data":
                self.take(connection, lines)

    def take(self, connection: socket.socket, lines: Any) -> None:
        content = [lines.readline()]
        self.misbehave(connection, "content")
        while (line := lines.readline()) != b".\r\n":
            if not line:
                return
            content.append(line)
        if self.stage != "end" or self.times == 0:
            self.taken.append(b"".join(content))
        self.say(connection, "end", OK)

    def say(self, connection: socket.socket, stage: str, reply: bytes) -> None:
        if not self.misbehave(connection, stage):
            connection.sendall(reply)

    def misbehave(self, connection: socket.socket, stage: str) -> bool:
        if stage != self.stage or self.times == 0:
            return False
        self.times -= 1
        if isinstance(self.action, bytes):
            connection.sendall(self.action)
            return True
        if self.action == HANG:
            self.stopped.wait(30)
        elif self.action == RESET:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()
        else:
            connection.shutdown(socket.SHUT_RDWR)
        raise ConnectionAbortedError


@contextmanager
def a_misbehaving_server(stage: str, action: str | bytes, times: int = 1) -> Iterator[Misbehaving]:
    server = Misbehaving(stage, action, times)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server.port = listener.getsockname()[1]
        thread = threading.Thread(target=server.serve, args=(listener,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.stopped.set()
            listener.shutdown(socket.SHUT_RDWR)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
