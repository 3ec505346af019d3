"""An SMTP client that reads replies strictly."""

import re
import smtplib
import ssl
import time
from typing import Any

MOST_LINES = 100
LONGEST_LINE = 2_000  # bytes; RFC 5321 allows 512
CHUNK = 4_096
REPLY_LINE = re.compile(rb"([2-5][0-9]{2})([ -]?)([^\r\n]*)\r?\n")


class Gibberish(smtplib.SMTPException):
    """The server's reply is not SMTP, or there is more than one."""


class CarefulReplies(smtplib.SMTP):
    """Reads complete replies, each with its own deadline.

    The parent's timeout restarts with every byte, so that a slow server could block it for ever, and it
    keeps what follows a reply for the next command: an early "250" would count as the answer to the mail.
    """

    _unread = b""

    def __init__(self, reply_seconds: float, **place: Any) -> None:
        self.reply_seconds = reply_seconds
        super().__init__(**place)  # reads the banner already

    def getreply(self) -> tuple[int, bytes]:
        """Code and text of one reply. Raises Gibberish, TimeoutError or another OSError, and is closed then."""
        try:
            return self._reply()
        except (OSError, Gibberish):
            self.close()  # the following replies would be ambiguous
            raise

    def check_silence(self) -> None:
        """Raise OSError or Gibberish if the server is gone, or sent something unexpected."""
        sock: Any = self.sock
        sock.settimeout(0)
        try:
            received = sock.recv(CHUNK)
        except (BlockingIOError, ssl.SSLWantReadError):
            sock.settimeout(self.reply_seconds)
            return
        self.close()
        raise (
            Gibberish("an answer without a question") if received else ConnectionResetError("the connection was closed")
        )

    def _reply(self) -> tuple[int, bytes]:
        deadline = time.monotonic() + self.reply_seconds
        said: list[bytes] = []
        for _ in range(MOST_LINES):
            code, separator, words = self._reply_line(deadline)
            said.append(words.strip())
            if separator != b"-":
                return code, self._whole(said)
        raise Gibberish("the reply does not end")

    def _reply_line(self, deadline: float) -> tuple[int, bytes, bytes]:
        line = REPLY_LINE.fullmatch(self._line(deadline))
        if line is None:
            raise Gibberish("the line is no reply")
        return int(line[1]), line[2], line[3]

    def _line(self, deadline: float) -> bytes:
        while b"\n" not in self._unread:
            if len(self._unread) > LONGEST_LINE:
                raise Gibberish("the line does not end")
            self._unread += self._received(deadline)
        line, _, self._unread = self._unread.partition(b"\n")
        return line + b"\n"

    def _received(self, deadline: float) -> bytes:
        left = deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError("no whole reply in time")
        sock: Any = self.sock
        if sock is None:
            raise smtplib.SMTPServerDisconnected("not connected")
        sock.settimeout(left)
        received: bytes = sock.recv(CHUNK)
        if not received:
            raise smtplib.SMTPServerDisconnected("the connection was closed")
        return received

    def _whole(self, said: list[bytes]) -> bytes:
        if self._unread:
            raise Gibberish("more than one reply")
        sock: Any = self.sock
        sock.settimeout(self.reply_seconds)
        return b"\n".join(said)


class CarefulRepliesOverTls(CarefulReplies, smtplib.SMTP_SSL):
    """The same, encrypted from the first byte."""
