"""The contents of old emails are removed; the fact that they were sent is kept."""

from datetime import timedelta

import pytest

from actions.mail_upkeep import CONTENT_KEPT_FOR, forget_old_mail_contents
from database.clock import as_of, now
from mail.delivery import send_due
from mail.folder import FolderTransport
from tests.builders import a_creator
from tests.mailing import a_sender, ask_for_mail, change_mail, mails

pytestmark = pytest.mark.usefixtures("database")


def test_words_of_sent_mails_are_kept_for_ninety_days(tmp_path):
    creator = a_creator([])
    ask_for_mail(creator)
    send_due(a_sender(FolderTransport(tmp_path)))
    [sent] = mails(creator)

    with as_of(sent["created_at"] + CONTENT_KEPT_FOR):
        assert forget_old_mail_contents() == 0
    with as_of(sent["created_at"] + CONTENT_KEPT_FOR + timedelta(microseconds=1)):
        assert forget_old_mail_contents() == 1
        assert forget_old_mail_contents() == 0

    [left] = mails(creator)
    assert left == sent | {"snapshot": None}


@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_what_a_person_may_send_again_keeps_its_words(tmp_path, state):
    creator = a_creator([])
    ask_for_mail(creator)
    send_due(a_sender(FolderTransport(tmp_path)))
    change_mail(creator, f"state = '{state}'")

    with as_of(now() + timedelta(days=400)):
        assert forget_old_mail_contents() == 0
    assert mails(creator)[0]["snapshot"]
