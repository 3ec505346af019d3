"""What was written to one student, and what came of it."""

from datetime import timedelta
from uuid import uuid4

import pytest

from actions.announcements import Sending, announce
from actions.mail_suppressions import suppress
from database.announcements import Announcement
from database.clock import now
from database.frames import records
from database.tenancy import tenant_tx
from queries.mails.messages_to_student import MessageRow, messages_to_student
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, an_event
from tests.mailing import change_mail, chosen

pytestmark = pytest.mark.usefixtures("shared_database")

ADDRESS = "ada@example.org"


@pytest.mark.parametrize(
    ("sent_days_ago", "active_days_ago", "answer"),
    [
        (10, 3.1, (True, True, False)),  # just within the 7 days
        (10, 2.9, (False, False, False)),
        (3, None, (False, False, True)),  # there is time left
        (3, 1, (True, True, True)),
    ],
)
def test_an_activity_within_seven_days_is_coming_back(sent_days_ago, active_days_ago, answer):
    ada = a_student("Ada", email=ADDRESS)
    creator = a_creator(ada, [an_event(ada, days_ago=active_days_ago)] if active_days_ago else [])
    written(creator, ada)
    change_mail(creator, f"state = 'sent', sent_at = dashboard_now() - interval '{sent_days_ago} days'")

    (row,) = messages(creator, ada)

    assert (row.first_active_after is not None, row.has_come_back, row.may_come_back) == answer


def test_emails_skips_and_an_unsubscription_are_one_list_the_latest_first():
    ada, ben = a_student("Ada", email=ADDRESS), a_student("Ben")
    creator = a_creator(ada, ben)
    written(creator, ada)
    change_mail(creator, "state = 'sent', sent_at = dashboard_now() - interval '3 days'")
    with tenant_tx(creator.id) as connection:
        suppress(connection, creator.id, ADDRESS, "unsubscribed", "announcement")
        suppress(connection, creator.id, "other@example.org", "bounced")
        suppress(connection, creator.id, ADDRESS, "unsubscribed", "digest")
    written(creator, ada, ben, due_in=timedelta(days=1))

    assert [(row.state, row.subject) for row in messages(creator, ada)] == [
        ("left out", "News"),
        ("unsubscribed", None),
        ("sent", "News"),
    ]


def test_an_outsider_sees_nothing():
    creator, outsider = a_creator(ada := a_student("Ada", email=ADDRESS)), a_creator()
    written(creator, ada)

    assert messages(outsider, ada) == []


def messages(creator, student):
    return records(messages_to_student(creator.id, student.id, ADDRESS), MessageRow)


def written(creator, *students, due_in=timedelta()):
    sending = Sending(uuid4(), Announcement("News", "Hello"), "All", now() + due_in, "UTC")
    whom = chosen(creator, *(student.id for student in students))
    announce(a_linked_account(creator), creator.id, sending, whom)
