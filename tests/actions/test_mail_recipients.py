"""Where an email to a student goes, when a worker dies between reading the address and sending."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.announcements import UNDO_SECONDS, Sending, announce
from actions.mail_ledger import LEASE_SECONDS, claim_next, release_abandoned, store_written
from actions.mail_recipients import GONE, Unreachable, readdressed
from database.announcements import Announcement
from database.clock import as_of, now
from database.tenancy import tenant_tx
from mail.announcement import ANNOUNCEMENTS
from mail.delivery import send_due
from mail.folder import FolderTransport
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student
from tests.mailing import a_sender, chosen, mails

pytestmark = pytest.mark.usefixtures("shared_database")


def test_a_worker_that_dies_after_reading_the_address_leaves_one_email_to_the_new_one(tmp_path):
    creator, claimed = a_claimed_mail("email = 'new@example.org'")

    with as_of(due()):
        held = readdressed(claimed)
        assert store_written(held, {"subject": "News"}, "<x@example.com>", now())
    with as_of(due() + timedelta(seconds=LEASE_SECONDS)):
        assert release_abandoned(creator.id) == 1
        change_written(creator)
        send_due(a_sender(FolderTransport(tmp_path), ANNOUNCEMENTS))

    assert [(mail["recipient"], mail["state"]) for mail in mails(creator)] == [("new@example.org", "sent")]
    sent = [path for path in tmp_path.iterdir() if "To: new@example.org" in path.read_text("ascii")]
    assert len(sent) == 1


def test_a_worker_that_was_given_up_changes_no_address():
    creator, claimed = a_claimed_mail("email = 'new@example.org'")
    with as_of(due() + timedelta(seconds=LEASE_SECONDS)):
        release_abandoned(creator.id)
        assert claim_next(creator.id, ["announcement"])

        assert isinstance(readdressed(claimed), Unreachable)

    assert [mail["recipient"] for mail in mails(creator)] == ["ada@example.org"]


def test_somebody_who_was_erased_has_no_address():
    _creator, claimed = a_claimed_mail("deleted_at = now()")

    assert readdressed(claimed) == Unreachable(GONE)


def a_claimed_mail(change_of_student):
    """The creator, and an email to Ada that a worker holds; she was changed after it was queued."""
    creator = a_creator(ada := a_student("Ada", email="ada@example.org"))
    sending = Sending(uuid4(), Announcement("News", "Hello"), "All", now(), "UTC")
    announce(a_linked_account(creator), creator.id, sending, chosen(creator, ada.id))
    with tenant_tx(creator.id) as connection:
        connection.execute(text(f"update students set {change_of_student}"))
    with as_of(due()):
        claimed = claim_next(creator.id, ["announcement"])
    assert claimed
    return creator, claimed


def change_written(creator):
    """As before it was written: the snapshot of a test is no whole email."""
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update mail_deliveries set snapshot = null, message_id = null, written_at = null"))


def due():
    return now() + timedelta(seconds=UNDO_SECONDS)
