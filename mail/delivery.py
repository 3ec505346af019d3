"""Take due emails from the ledger, render them, hand them over, and record the outcome in the ledger."""

import logging
import time
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from actions import mail_ledger
from actions.mail_ledger import LEASE_SECONDS, MOST_ATTEMPTS, Delivery
from actions.mail_suppressions import suppress
from database.canonical import digest
from database.clock import now
from database.each import Attempts, each, of_row
from database.settings import settings
from database.tenancy import tenant_tx
from mail.folder import FolderTransport
from mail.kind import MailKind, NothingToSay
from mail.kinds import kinds as all_kinds
from mail.message import Heading, Mail, as_email
from mail.return_address import return_address
from mail.settings import MailSettings, mail_settings
from mail.smtp import SmtpTransport
from mail.transport import Envelope, Outcome, ServerUnavailable, Transport
from mail.unsubscribe_link import unsubscribe_url
from rules.tiers import opens_the_dashboard

logger = logging.getLogger(__name__)

MAILS_IN_TURN = 25  # per creator, before the next one's turn
RUN_SECONDS = 45.0  # a run leaves room for the worker's other tasks
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
SUPPRESSED = {
    "unsubscribed": "The recipient has unsubscribed.",
    "bounced": "Earlier email to this address bounced.",
    "complained": "The recipient reported an earlier email as spam.",
}


@dataclass
class MailSender:
    """Sends mail of these kinds; `outcomes` counts the results."""

    transport: Transport
    identity: MailSettings
    kinds: Mapping[str, MailKind]
    lease_seconds: float = LEASE_SECONDS
    outcomes: Counter[str] = field(default_factory=Counter)
    attempts: Attempts = field(default_factory=lambda: Attempts("mail"))
    troubled: set[UUID] = field(default_factory=set)  # creators whose email waits for the next run

    def send_next(self, creator_id: UUID) -> bool:
        """Send the creator's email that has waited longest; False if none is due. Raises ServerUnavailable.

        If something goes wrong with this email, it is recorded, and the next one can follow.
        """
        delivery = mail_ledger.claim_next(creator_id, list(self.kinds), self.lease_seconds)
        if delivery is None:
            return False
        try:
            self._deliver(delivery)
        except ServerUnavailable:
            raise
        except Exception as error:
            self.attempts.failed(of_row(delivery), error)
        else:
            self.attempts.succeeded(of_row(delivery))
        return True

    def leave(self, creator_id: UUID) -> int:
        """No more email of this creator in this run: none could be claimed."""
        self.troubled.add(creator_id)
        return 0

    def _deliver(self, delivery: Delivery) -> None:
        current: Delivery | NothingToSay = delivery
        try:
            current = self.kinds[delivery.kind].addressed(delivery)
            outcome = current if isinstance(current, NothingToSay) else self._outcome(current)
        except ServerUnavailable as error:
            self._defer(delivery, error.reason, error.reply)
            raise
        except Exception as error:
            self._defer(delivery, f"The email could not be written ({type(error).__name__}).")
            raise
        # Outside of the try: if this fails after the email was accepted, the ledger still says "sending".
        self._settle(delivery if isinstance(current, NothingToSay) else current, outcome)

    def _outcome(self, delivery: Delivery) -> Outcome | NothingToSay:
        """Everything up to the mail server's final reply. An exception means that nothing was sent."""
        kind = self.kinds[delivery.kind]
        if reason := _why_not(kind, delivery):
            return NothingToSay(reason)
        written = self._written(kind, delivery)
        if written is None:
            return Outcome("withdrawn")
        if isinstance(written, NothingToSay):
            return written
        return self.transport.hand_over(written, lambda: self._may_complete(delivery))

    def _written(self, kind: MailKind, delivery: Delivery) -> Envelope | NothingToSay | None:
        """The email ready to send: as stored, or rendered now and stored; None if another worker has it by now."""
        if delivery.snapshot and delivery.message_id and delivery.written_at:
            mail, message_id, written_at = Mail.of_snapshot(delivery.snapshot), delivery.message_id, delivery.written_at
        else:
            fresh = kind.write(delivery.creator_id, delivery)
            if isinstance(fresh, NothingToSay):
                return fresh
            mail, message_id, written_at = fresh, message_id_of(delivery, self.identity.domain), now()
            if not mail_ledger.store_written(delivery, mail.as_snapshot(), message_id, written_at):
                return None
        heading = Heading(
            from_name=self.identity.from_name,
            from_address=self.identity.from_address,
            recipient=delivery.recipient,
            message_id=message_id,
            written_at=written_at,
            list_name=kind.title,
            list_id=f"{kind.name.replace('_', '-')}.{delivery.creator_id}.{self.identity.domain}",
            unsubscribe_url=unsubscribe_url(delivery.creator_id, delivery.id),
        )
        return Envelope(
            message_id.strip("<>").partition("@")[0],
            self._return_address(delivery),
            delivery.recipient,
            as_email(mail, heading),
        )

    def _return_address(self, delivery: Delivery) -> str:
        tagged = self.identity.bounce_address
        return return_address(tagged, delivery.id) if tagged else self.identity.from_address

    def _may_complete(self, delivery: Delivery) -> bool:
        return mail_ledger.begin_sending(delivery, self.lease_seconds)

    def _settle(self, delivery: Delivery, outcome: Outcome | NothingToSay) -> None:
        if isinstance(outcome, NothingToSay):
            self._end(mail_ledger.note_skipped(delivery, outcome.reason), "skipped")
        elif outcome.fate == "accepted":
            self._end(mail_ledger.note_sent(delivery, outcome.reply or ""), "sent")
        elif outcome.fate == "uncertain":
            self._end(mail_ledger.note_unknown(delivery, outcome.reason or "", outcome.reply), "unknown")
        elif outcome.fate == "deferred":
            self._defer(delivery, outcome.reason or "", outcome.reply)
        elif outcome.fate == "refused":
            self._refuse(delivery, outcome)
        else:  # withdrawn: another worker has it, or it was cancelled a moment ago
            reason = _why_not(self.kinds[delivery.kind], delivery) or "It was cancelled."
            self._end(mail_ledger.note_skipped(delivery, reason), "skipped")

    def _refuse(self, delivery: Delivery, outcome: Outcome) -> None:
        if outcome.is_address_dead:
            with tenant_tx(delivery.creator_id) as connection:
                suppress(connection, delivery.creator_id, delivery.recipient, "bounced")
        self._end(mail_ledger.note_failed(delivery, outcome.reason or "", outcome.reply), "failed")

    def _defer(self, delivery: Delivery, reason: str, reply: str | None = None) -> None:
        """Schedule the next attempt, or give up."""
        if delivery.attempts >= MOST_ATTEMPTS:
            given_up = f"Given up after {delivery.attempts} attempts. {reason}"
            self._end(mail_ledger.note_failed(delivery, given_up, reply), "failed")
        else:
            self._end(mail_ledger.try_later(delivery, reason, WAITS[delivery.attempts - 1], reply), "deferred")

    def _end(self, is_ours: bool, fate: str) -> None:
        self.outcomes[fate if is_ours else "taken over"] += 1


def deliver_due(limit_seconds: float = RUN_SECONDS) -> Counter[str]:
    """Send what is due, creators in turn, until nothing is left or time is up; returns how many had which outcome.

    Any number of processes may run it at once. Raises SetupError if SMTP_URL or MAIL_FROM is invalid.
    """
    identity = mail_settings()
    transport = usual_transport(identity)
    try:
        return send_due(MailSender(transport, identity, all_kinds()), limit_seconds)
    finally:
        transport.close()


def send_due(sender: MailSender, limit_seconds: float = RUN_SECONDS) -> Counter[str]:
    """The same with a given sender. Stops early if the mail server accepts no email at all."""
    end = time.monotonic() + limit_seconds
    try:
        while _one_round(sender, end):
            pass
    except ServerUnavailable as error:
        logger.error("no mail can be sent: %s", error.reason)
    return sender.outcomes


def usual_transport(identity: MailSettings) -> Transport:
    """The mail server of SMTP_URL; without one, a folder."""
    if identity.server:
        return SmtpTransport(identity.server, identity.domain)
    return FolderTransport(settings().mail_dir)


def message_id_of(delivery: Delivery, domain: str) -> str:
    """Derived from the key alone: an email sent again is the same email to the recipient's program."""
    key = (delivery.creator_id, delivery.kind, delivery.about, delivery.period_start, delivery.recipient.lower())
    return f"<{digest(*map(str, key))[:32]}@{domain}>"


def _one_round(sender: MailSender, end: float) -> bool:
    """Send some emails of each creator that has any due; returns whether there is time and reason for another round."""
    waiting = [one for one in mail_ledger.creators_with_work(list(sender.kinds)) if one not in sender.troubled]
    outcomes = each(
        waiting,
        lambda creator_id: _turn(sender, creator_id, end),
        "mail_of_creator",
        instead=lambda creator_id, _: sender.leave(creator_id),
        ends_with=(ServerUnavailable,),
    )
    return any(outcomes) and time.monotonic() <= end


def _turn(sender: MailSender, creator_id: UUID, end: float) -> int:
    """Send some emails of one creator; returns how many."""
    outcomes = 0
    if time.monotonic() <= end:
        mail_ledger.release_abandoned(creator_id)
    while outcomes < MAILS_IN_TURN and time.monotonic() <= end and sender.send_next(creator_id):
        outcomes += 1
    return outcomes


def _why_not(kind: MailKind, delivery: Delivery) -> str | None:
    """A reason not to send it after all, checked at this moment."""
    standing = mail_ledger.standing(delivery)
    if not opens_the_dashboard(standing.subscription_tier):
        return "The creator does not have the ENTERPRISE tier."
    if standing.is_recipient_gone:
        return "The student has left the course."
    if standing.suppressed:
        return SUPPRESSED[standing.suppressed]
    if delivery.not_after and now() > delivery.not_after:
        return "It would have come too late to be of use."
    return kind.why_not(delivery.creator_id, delivery)
