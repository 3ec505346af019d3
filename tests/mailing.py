"""Emails for tests: a plain kind, queued, outcomes, looked at."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from actions.announcements import Recipient
from actions.mail_ledger import Delivery
from actions.mails import MailKey, MailToSend, queue_mail
from database.clock import now
from database.frames import records
from database.tenancy import tenant_tx
from mail.delivery import MailSender
from mail.kind import MailKind
from mail.message import Mail
from mail.settings import MailServer, MailSettings
from mail.smtp import SmtpTransport
from mail.transport import Transport
from queries.mails.announcement_audience import AudienceRow, audience
from tests.builders import ACreator
from tests.oracle import rows_of

MONDAY = date(2026, 3, 2)


def plain_mail(_creator_id: UUID, delivery: Delivery) -> Mail:
    words = f"For {delivery.recipient}, about {delivery.period_start}."
    return Mail(f"Your week {delivery.about}".strip(), words, f"<p>{words}</p>", from_name="Mira Vale")


PLAIN = MailKind("plain", "Plain mail", plain_mail, noun="plain mails")


def ask_for_mail(
    creator: ACreator,
    recipient: str = "ada@example.org",
    *,
    kind: str = "plain",
    about: str = "",
    due_at: datetime | None = None,
    **more: Any,
) -> bool:
    mail = MailToSend(MailKey(kind, recipient, MONDAY, about), due_at or now(), **more)
    with tenant_tx(creator.id) as connection:
        return queue_mail(connection, creator.id, mail)


def a_sender(transport: Transport | int, *kinds: MailKind, **options: Any) -> MailSender:
    """With the mail server at a port of this computer, or the caller's own transport."""
    if isinstance(transport, int):
        transport = SmtpTransport(a_server(transport), "example.com")
    identity = MailSettings(None, "Creator Dashboard", "dashboard@example.com", "bounces@example.com")
    return MailSender(transport, identity, {kind.name: kind for kind in kinds or (PLAIN,)}, **options)


def a_server(port: int, **options: Any) -> MailServer:
    usual = {"is_encrypted_at_once": False, "starttls": "opportunistic", "reply_seconds": 1.0}
    return MailServer("127.0.0.1", port, **(usual | options))


def mails(creator: ACreator) -> list[dict[str, Any]]:
    """The creator's rows of the ledger, in the order in which they were due."""
    return sorted(rows_of(creator.id, "mail_deliveries"), key=lambda row: (row["due_at"], row["recipient"]))


def states(creator: ACreator) -> list[str]:
    return [row["state"] for row in mails(creator)]


def suppressions(creator: ACreator) -> list[tuple[str, str, str]]:
    rows = rows_of(creator.id, "mail_suppressions")
    return sorted((row["recipient_key"], row["kind"], row["reason"]) for row in rows)


def change_mail(creator: ACreator, assignments: str) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(text(f"update mail_deliveries set {assignments}"))


def chosen(creator: ACreator, *students: UUID) -> list[Recipient]:
    """These students as recipients of an announcement."""
    found = audience(creator.id, students, 0)
    return [Recipient(row.student_id, row.email, row.skipped_because) for row in records(found, AudienceRow)]
