"""How many emails a second go through the ledger to a local mail server: `python -m benchmarks.mail`."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from secrets import token_bytes
from uuid import UUID

from actions.mail_ledger import Delivery
from actions.mails import MailKey, MailToSend, queue_mails
from database.clock import now
from database.creators import add_creator
from database.migrate import migrate
from database.tenancy import tenant_tx
from database.throwaway import throwaway_data_folder
from mail.delivery import MailSender, send_due
from mail.kind import MailKind
from mail.message import PNG, InlineImage, Mail
from mail.settings import MailServer, MailSettings
from mail.smtp import SmtpTransport

MAILS = 1_000
SECONDS_TO_START = 15
PARAGRAPH = "<p>Twelve students came back this week, and one video loses its viewers after two minutes.</p>\n"


def mails_per_second() -> float:
    """Queue 1,000 emails as large as a digest (60 kB of HTML, a 30 kB chart), and send them with one worker."""
    creator_id = add_creator("Benchmark", "enterprise", "UTC")
    keys = [MailKey("benchmark", f"reader{number}@example.org", date(2026, 3, 2)) for number in range(MAILS)]
    with tenant_tx(creator_id) as connection:
        queue_mails(connection, creator_id, [MailToSend(key, now()) for key in keys])
    with mail_server() as port:
        sender = _courier(port)
        began = time.perf_counter()
        outcomes = send_due(sender, limit_seconds=600)
        taken = time.perf_counter() - began
        sender.transport.close()
    assert outcomes == {"sent": MAILS}, outcomes
    return MAILS / taken


def _courier(port: int) -> MailSender:
    kind = MailKind("benchmark", "Benchmark", _write)
    server = MailServer("127.0.0.1", port, is_encrypted_at_once=False, starttls="opportunistic")
    identity = MailSettings(server, "Creator Dashboard", "dashboard@example.com", "bounces@example.com")
    return MailSender(SmtpTransport(server, "example.com"), identity, {kind.name: kind})


def _write(_creator_id: UUID, delivery: Delivery) -> Mail:
    html = f"<p>For {delivery.recipient}</p>\n" + PARAGRAPH * (60_000 // len(PARAGRAPH))
    return Mail(
        "Your week", "Twelve students came back. " * 200, html, (InlineImage("chart", PNG + token_bytes(30_000)),)
    )


@contextmanager
def mail_server() -> Iterator[int]:
    """A mail server in a separate process that accepts everything and stores nothing."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    sink = ("-m", "aiosmtpd", "-n", "-c", "aiosmtpd.handlers.Sink", "-l", f"127.0.0.1:{port}")
    server = subprocess.Popen([sys.executable, *sink])
    try:
        _wait_for(port)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    end = time.monotonic() + SECONDS_TO_START
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if time.monotonic() > end:
                raise
            time.sleep(0.1)
        else:
            return


if __name__ == "__main__":
    os.environ.pop("DATABASE_URL", None)
    os.environ["DASHBOARD_DATA_DIR"] = str(throwaway_data_folder())
    migrate()
    print(f"{mails_per_second():.0f} mails a second")
