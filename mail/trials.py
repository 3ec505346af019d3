"""Emails that creators send to themselves to see what others get."""

from dataclasses import replace
from uuid import UUID

from actions.mail_ledger import Delivery
from actions.trial_mails import ANNOUNCEMENT_TRIAL, DIGEST_TRIAL
from database.announcements import Announcement
from database.creators import creator_of_id
from mail.announcement import announcement_mail, reply_address, values_of
from mail.digest.kind import digest_of_week
from mail.digest.week import Week
from mail.kind import MailKind, NothingToSay
from mail.message import Mail, one_line


def write_announcement_trial(creator_id: UUID, delivery: Delivery) -> Mail:
    """The announcement as the student of the delivery's payload would get it."""
    asked = delivery.payload
    student_id = UUID(asked["student_id"]) if asked["student_id"] else None
    content = Announcement(asked["subject"], asked["body"])
    values = values_of(creator_id, student_id)
    name, replies = creator_of_id(creator_id).name, reply_address(UUID(asked["author_id"]))
    return _marked(announcement_mail(content, name, reply_to=replies, values=values))


def write_digest_trial(creator_id: UUID, delivery: Delivery) -> Mail | NothingToSay:
    """The digest of the delivery's week; what it lists is not kept for the next one."""
    creator = creator_of_id(creator_id)
    mail = digest_of_week(creator, Week(delivery.period_start, creator.timezone)).mail
    return mail if isinstance(mail, NothingToSay) else _marked(mail)


def _marked(mail: Mail) -> Mail:
    return replace(mail, subject=one_line(f"Test: {mail.subject}"))


ANNOUNCEMENT_TRIALS = MailKind(
    name=ANNOUNCEMENT_TRIAL, title="Test of an announcement", write=write_announcement_trial, noun="test emails"
)
DIGEST_TRIALS = MailKind(
    name=DIGEST_TRIAL, title="Test of the weekly digest", write=write_digest_trial, noun="test emails"
)
