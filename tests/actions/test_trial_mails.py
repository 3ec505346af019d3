"""Emails to oneself: what others would get, and nothing that others would notice."""

from dataclasses import replace
from datetime import date

import pytest

from actions.trial_mails import MOST_A_DAY, send_announcement_trial, send_digest_trial
from database.announcements import Announcement
from mail.delivery import send_due
from mail.folder import FolderTransport
from mail.kinds import KINDS
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student
from tests.mail.digest.a_week import MONDAY, a_busy_creator
from tests.mailing import a_sender, mails
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")

CONTENT = Announcement("News", "Hi {first name}")


def test_a_test_says_what_the_student_would_read_and_goes_to_its_author_alone(tmp_path):
    creator = a_creator(ada := a_student("Ada Moss"))
    author = a_linked_account(creator)

    address = send_announcement_trial(author, creator.id, CONTENT, ada.id, "UTC")
    send_due(a_sender(FolderTransport(tmp_path), *KINDS))

    (mail,) = mails(creator)
    assert (mail["recipient"], mail["state"]) == (address, "sent") == (author.email, "sent")
    assert mail["subject"] == "Test: News"
    assert "Hi Ada" in mail["snapshot"]["text"]
    assert rows_of(creator.id, "announcements") == []


def test_another_creators_student_is_nobody(tmp_path):
    a_creator(foreign := a_student("Olga Own"))
    creator = a_creator()

    send_announcement_trial(a_linked_account(creator), creator.id, CONTENT, foreign.id, "UTC")
    send_due(a_sender(FolderTransport(tmp_path), *KINDS))

    assert "Hi there" in mails(creator)[0]["snapshot"]["text"]


def test_a_digest_on_the_spot_needs_no_switch_and_leaves_no_list(tmp_path):
    creator = a_busy_creator()

    send_digest_trial(a_linked_account(creator), creator.id, MONDAY)
    send_due(a_sender(FolderTransport(tmp_path), *KINDS))

    (mail,) = mails(creator)
    assert (mail["kind"], mail["state"]) == ("digest_trial", "sent")
    assert mail["subject"].startswith("Test: ")
    assert rows_of(creator.id, "digest_items") == []


def test_staff_people_without_an_address_and_a_flood_are_refused():
    creator = a_creator()
    author = a_linked_account(creator)

    with pytest.raises(InputError, match="Read-only for staff"):
        send_digest_trial(a_linked_account(None), creator.id, MONDAY)
    with pytest.raises(InputError, match="no email address"):
        send_digest_trial(replace(author, email=None), creator.id, MONDAY)
    for number in range(MOST_A_DAY):
        send_digest_trial(author, creator.id, date(2026, 1, 5 + 7 * (number % 3)))
    with pytest.raises(InputError, match="50 test emails"):
        send_announcement_trial(author, creator.id, CONTENT, None, "UTC")
