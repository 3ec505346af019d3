"""Take what is due from the ledger, write it, hand it over, and say in the ledger what became of it."""

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
from reports.mail.folder import FolderTransport
from reports.mail.kind import MailKind, NothingToSay
from reports.mail.kinds import kinds as all_kinds
from reports.mail.message import Heading, Mail, as_email
from reports.mail.return_address import return_address
from reports.mail.settings import MailSettings, mail_settings
from reports.mail.smtp import SmtpTransport
from reports.mail.transport import Envelope, Outcome, ServerUnavailable, Transport
from reports.mail.unsubscribe_link import unsubscribe_url

logger = logging.getLogger(__name__)

ENTITLED_TIER = "enterprise"
MAILS_IN_TURN = 25  # of one creator, before the next one's
RUN_SECONDS = 45.0  # a run leaves room for the worker's other tasks
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180, 360, 720))
SUPPRESSED = {
    "unsubscribed": "The recipient has unsubscribed.",
    "bounced": "Mail to this address came back before.",
    "complained": "The recipient reported an earlier mail as unwanted.",
}


@dataclass
class Courier:
    """Carries mail of these kinds; `carried` counts what became of it."""

    transport: Transport
    identity: MailSettings
    kinds: Mapping[str, MailKind]
    lease_seconds: float = LEASE_SECONDS
    carried: Counter[str] = field(default_factory=Counter)
    attempts: Attempts = field(default_factory=lambda: Attempts("mail"))
    troubled: set[UUID] = field(default_factory=set)  # creators whose mail is left for the next run

    def carry_next(self, creator_id: UUID) -> bool:
        """Carry the creator's mail that waits longest; False where none is due. Raises ServerUnavailable.

        Whatever goes wrong with this one mail is noted, and the next one may follow.
        """
        delivery = mail_ledger.claim_next(creator_id, list(self.kinds), self.lease_seconds)
        if delivery is None:
            return False
        try:
            self._carry(delivery)
        except ServerUnavailable:
            raise
        except Exception as error:
            self.attempts.failed(of_row(delivery), error)
        else:
            self.attempts.succeeded(of_row(delivery))
        return True

    def leave(self, creator_id: UUID) -> int:
        """No more of this creator's mail in this run: not one could be claimed."""
        self.troubled.add(creator_id)
        return 0

    def _carry(self, delivery: Delivery) -> None:
        try:
            outcome = self._outcome(delivery)
        except ServerUnavailable as error:
            self._defer(delivery, error.reason, error.reply)
            raise
        except Exception as error:
            self._defer(delivery, f"The mail could not be written ({type(error).__name__}).")
            raise
        # Outside of the try: should this fail after the mail was taken, the ledger still says "sending".
        self._settle(delivery, outcome)

    def _outcome(self, delivery: Delivery) -> Outcome | NothingToSay:
        """Everything up to the mail server's verdict. An exception means that nothing was sent."""
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
        """The mail ready to go: as stored, or written now and stored; None where it is another worker's by now."""
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
        else:  # withdrawn: not ours any more, or not wanted since a moment ago
            reason = _why_not(self.kinds[delivery.kind], delivery) or "It was called off."
            self._end(mail_ledger.note_skipped(delivery, reason), "skipped")

    def _refuse(self, delivery: Delivery, outcome: Outcome) -> None:
        if outcome.is_address_dead:
            with tenant_tx(delivery.creator_id) as connection:
                suppress(connection, delivery.creator_id, delivery.recipient, "bounced")
        self._end(mail_ledger.note_failed(delivery, outcome.reason or "", outcome.reply), "failed")

    def _defer(self, delivery: Delivery, reason: str, reply: str | None = None) -> None:
        """Back-off, and an end to it."""
        if delivery.attempts >= MOST_ATTEMPTS:
            given_up = f"Given up after {delivery.attempts} attempts. {reason}"
            self._end(mail_ledger.note_failed(delivery, given_up, reply), "failed")
        else:
            self._end(mail_ledger.try_later(delivery, reason, WAITS[delivery.attempts - 1], reply), "deferred")

    def _end(self, is_ours: bool, fate: str) -> None:
        self.carried[fate if is_ours else "taken over"] += 1


def deliver_due(limit_seconds: float = RUN_SECONDS) -> Counter[str]:
    """Carry what is due, the creators in turn, until nothing is left or the time is over; what became of how many.

    Any number of processes may run it at once. Raises SetupError where SMTP_URL or MAIL_FROM cannot be used.
    """
    identity = mail_settings()
    transport = usual_transport(identity)
    try:
        return carry_due(Courier(transport, identity, all_kinds()), limit_seconds)
    finally:
        transport.close()


def carry_due(courier: Courier, limit_seconds: float = RUN_SECONDS) -> Counter[str]:
    """The same with a courier of one's own. Stops early where the mail server takes no mail at all."""
    end = time.monotonic() + limit_seconds
    try:
        while _one_round(courier, end):
            pass
    except ServerUnavailable as error:
        logger.error("no mail can be sent: %s", error.reason)
    return courier.carried


def usual_transport(identity: MailSettings) -> Transport:
    """The mail server of SMTP_URL; without one, a folder."""
    if identity.server:
        return SmtpTransport(identity.server, identity.domain)
    return FolderTransport(settings().data_dir / "mail")


def message_id_of(delivery: Delivery, domain: str) -> str:
    """From the key alone: a mail sent again by a person is the same mail to the recipient's program."""
    key = (delivery.creator_id, delivery.kind, delivery.about, delivery.period_start, delivery.recipient.lower())
    return f"<{digest(*map(str, key))[:32]}@{domain}>"


def _one_round(courier: Courier, end: float) -> bool:
    """Some mails of each creator with work; whether there is time and reason for another round."""
    waiting = [one for one in mail_ledger.creators_with_work(list(courier.kinds)) if one not in courier.troubled]
    carried = each(
        waiting,
        lambda creator_id: _turn(courier, creator_id, end),
        "mail_of_creator",
        instead=lambda creator_id, _: courier.leave(creator_id),
        ends_with=(ServerUnavailable,),
    )
    return any(carried) and time.monotonic() <= end


def _turn(courier: Courier, creator_id: UUID, end: float) -> int:
    """Some mails of one creator; how many were carried."""
    carried = 0
    if time.monotonic() <= end:
        mail_ledger.release_abandoned(creator_id)
    while carried < MAILS_IN_TURN and time.monotonic() <= end and courier.carry_next(creator_id):
        carried += 1
    return carried


def _why_not(kind: MailKind, delivery: Delivery) -> str | None:
    """A reason not to send it after all, read at this moment."""
    standing = mail_ledger.standing(delivery)
    if standing.subscription_tier != ENTITLED_TIER:
        return "The creator does not have the ENTERPRISE tier."
    if standing.is_recipient_gone:
        return "The student has left the course."
    if standing.suppressed:
        return SUPPRESSED[standing.suppressed]
    if delivery.not_after and now() > delivery.not_after:
        return "It would have come too late to be of use."
    return kind.why_not(delivery.creator_id, delivery)
