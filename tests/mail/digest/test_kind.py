"""The digest as a kind of email: with the week's report attached for creators who want it."""

from io import BytesIO
from uuid import uuid4

import pytest
from pypdf import PdfReader

from actions.mail_ledger import Delivery
from actions.preferences import save_preferences
from mail.digest.kind import WEEKLY_DIGEST
from mail.kind import NothingToSay
from mail.message import Mail
from rules.preferences import Preferences
from tests.accounts import a_linked_account
from tests.builders import NOW, a_creator
from tests.mail.digest.a_week import MONDAY, ZONE, a_busy_creator

pytestmark = pytest.mark.usefixtures("shared_database")


def test_the_report_of_the_same_week_comes_with_it_on_request():
    creator = a_busy_creator()
    choose(creator, is_digest_on=True, digest_has_report=True)

    (report,) = written(creator).attachments

    pages = PdfReader(BytesIO(report.content)).pages
    assert report.file_name == "report-2026-W09.pdf"
    assert "23 February 2026 to 1 March 2026" in pages[0].extract_text()


def test_without_the_wish_nothing_is_attached():
    creator = a_busy_creator()
    choose(creator, is_digest_on=True)

    assert written(creator).attachments == ()


def test_a_week_without_anything_to_say_has_no_report_either():
    creator = a_creator(timezone=ZONE)
    choose(creator, is_digest_on=True, digest_has_report=True)

    assert isinstance(WEEKLY_DIGEST.write(creator.id, a_delivery(creator)), NothingToSay)


def written(creator) -> Mail:
    mail = WEEKLY_DIGEST.write(creator.id, a_delivery(creator))
    assert isinstance(mail, Mail)
    return mail


def choose(creator, **wishes) -> None:
    save_preferences(a_linked_account(creator), creator.id, Preferences(**wishes))


def a_delivery(creator) -> Delivery:
    return Delivery(
        creator_id=creator.id,
        id=uuid4(),
        kind="digest",
        about="",
        period_start=MONDAY,
        recipient="mira@example.org",
        student_id=None,
        payload={},
        snapshot=None,
        message_id=None,
        written_at=None,
        token=1,
        attempts=1,
        due_at=NOW,
        not_after=None,
    )
