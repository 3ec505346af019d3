"""Emails in every state, for the creator whose dashboard the browser opens."""

import pytest
from sqlalchemy import text

from actions.mail_suppressions import suppress
from actions.mails import MailKey, MailToSend, queue_mails
from database.clock import now
from database.creators import creator_named
from database.engine import engine
from database.tenancy import tenant_tx
from tests.browser.server import OF_THE_TESTS, Server
from tests.browser.visitor import ENTERPRISE
from tests.mailing import MONDAY

BECAME = {
    "sent": ("ines@example.org", None, "250 2.0.0 Ok: queued as 4F1B2"),
    "failed": ("olaf@example.org", "The address does not exist.", "550 5.1.1 <olaf@example.org>: no such user"),
    "unknown": (
        "mei@example.org",
        "The mail server did not confirm the email (no reply in time): it may have arrived.",
        None,
    ),
    "pending": (
        "sam@example.org",
        "The mail server does not accept the recipient at the moment.",
        "450 4.2.0 greylisted",
    ),
    "skipped": ("yara@example.org", "The recipient has unsubscribed.", None),
}
BECOME = text(
    """
    update mail_deliveries
    set
        state = :state,
        reason = :reason,
        smtp_reply = :reply,
        subject = 'Your week: 12 students came back',
        attempts = 1,
        sent_at = case when :state = 'sent' then dashboard_now() end
    where recipient = :recipient
    """
)


def mail_in_every_state(server: Server) -> None:
    """Write it into the served database; repeating it changes nothing."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in OF_THE_TESTS:
            patch.delenv(variable, raising=False)
        patch.setenv("DASHBOARD_DATA_DIR", str(server.data_dir))
        creator_id = creator_named(_creator_name()).id
        mails = [MailToSend(MailKey("digest", recipient, MONDAY), now()) for recipient, _, _ in BECAME.values()]
        with tenant_tx(creator_id) as connection:
            queue_mails(connection, creator_id, mails)
            for state, (recipient, reason, reply) in BECAME.items():
                told = {"state": state, "recipient": recipient, "reason": reason, "reply": reply}
                connection.execute(BECOME, told)
            suppress(connection, creator_id, "olaf@example.org", "bounced")
        engine().dispose()


def _creator_name() -> str:
    """The creator whose dashboard the browser's account opens."""
    from database.accounts import demo_accounts

    return next(str(account.creator_id) for account in demo_accounts() if account.name == ENTERPRISE)
