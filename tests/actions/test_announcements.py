"""Announcements: whom they reach, sending once, cancelling, who came back."""

from datetime import timedelta
from uuid import uuid4

import pandas as pd
import pytest

from actions.announcements import Sending, announce, cancel
from actions.mail_ledger import claim_next
from actions.mail_suppressions import suppress
from database.announcements import Announcement
from database.clock import now
from database.tenancy import tenant_tx
from mail.announcement import ANNOUNCEMENTS
from mail.message import Mail
from queries.mails.announcement_audience import audience, audience_of
from queries.mails.announcements import announcement, announcements, recipients
from queries.students.lists import StudentFilters
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, an_event
from tests.mailing import change_mail, chosen, mails

pytestmark = pytest.mark.usefixtures("shared_database")


def test_each_student_is_reached_or_left_out_for_a_reason():
    students = {
        "reached": a_student("Ada", email="ada@example.org"),
        "no_address": a_student("Ben", email=None),
        "unsuitable": a_student("Cleo", email="no address"),
        "unsubscribed": a_student("Di", email="Di@example.org"),
        "bounced": a_student("Ed", email="ed@example.org"),
        "recently_messaged": a_student("Flo", email="flo@example.org"),
    }
    creator = a_creator(list(students.values()))
    with tenant_tx(creator.id) as connection:
        suppress(connection, creator.id, "di@example.org", "unsubscribed", "announcement")
        suppress(connection, creator.id, "ed@example.org", "bounced")
    sent_to(creator, [students["recently_messaged"]])

    found = reasons(creator, students.values(), quiet_days=3)

    assert found == {
        "Ada": None,
        "Ben": "no_address",
        "Cleo": "no_address",
        "Di": "unsubscribed",
        "Ed": "bounced",
        "Flo": "recently_messaged",
    }


def test_two_students_with_one_address_get_one_mail():
    one, other = a_student("Ada", email="both@example.org"), a_student("Bo", email="BOTH@example.org")
    creator = a_creator(one, other)

    assert sorted(reasons(creator, [one, other]).values(), key=str) == [None, "same_address"]
    assert sent_to(creator, [one, other])[1] == 1


@pytest.mark.parametrize(("days_ago", "is_left_out"), [(2.9, True), (3.1, False)])
def test_the_days_of_quiet_count_back_from_now(days_ago, is_left_out):
    creator = a_creator(ada := a_student())
    sent_to(creator, [ada])
    change_mail(creator, f"due_at = dashboard_now() - interval '{days_ago} days'")

    assert (reasons(creator, [ada], quiet_days=3)["Ada Moss"] is not None) is is_left_out
    assert reasons(creator, [ada], quiet_days=0)["Ada Moss"] is None


def test_a_second_click_sends_nothing_more():
    creator = a_creator(ada := a_student(), ben := a_student("Ben", email=None))
    sending = a_sending()
    author = a_linked_account(creator)
    whom = chosen(creator, ada.id, ben.id)

    first, second = (announce(author, creator.id, sending, whom) for _ in range(2))

    assert (first, second) == (1, 0)
    assert len(mails(creator)) == 1
    (row,) = announcements(creator.id).to_dict("records")
    assert (row["recipients"], row["waiting"], row["left_out"], row["audience"]) == (1, 1, 1, "All students")


def test_staff_and_outsiders_send_and_see_nothing():
    creator, outsider = a_creator(ada := a_student()), a_creator()
    whom = chosen(creator, ada.id)
    for stranger in (a_linked_account(None), a_linked_account(outsider)):
        with pytest.raises(InputError, match="Read-only for staff"):
            announce(stranger, creator.id, a_sending(), whom)
    announcement_id, _ = sent_to(creator, [ada])

    assert audience(outsider.id, [ada.id], 0).empty
    assert announcements(outsider.id).empty
    assert announcement(outsider.id, announcement_id).empty
    assert recipients(outsider.id, announcement_id).empty
    assert cancel(a_linked_account(outsider), outsider.id, announcement_id) == 0
    assert [row["state"] for row in mails(creator)] == ["pending"]


def test_an_announcement_to_nobody_is_refused():
    creator = a_creator(ben := a_student("Ben", email=None))

    with pytest.raises(InputError, match="Nobody would get this announcement"):
        announce(a_linked_account(creator), creator.id, a_sending(), chosen(creator, ben.id))


def test_calling_off_stops_what_is_not_sent():
    ada, ben = a_student(), a_student("Ben")
    creator = a_creator(ada, ben)
    announcement_id, _ = sent_to(creator, [ada, ben])
    change_mail(creator, "state = 'sent', sent_at = dashboard_now() where recipient like 'ada%'")

    assert cancel(a_linked_account(creator), creator.id, announcement_id) == 1

    assert sorted(row["state"] for row in mails(creator)) == ["cancelled", "sent"]
    assert announcement(creator.id, announcement_id)["cancelled_at"].notna().all()


def test_the_mail_is_markdown_cleaned_with_answers_to_the_author():
    creator = a_creator(ada := a_student(), name="Mira Vale")
    sent_to(creator, [ada], body="**Hello** <b>you</b>\n\n![x](https://a.example/p.png) [go](https://a.example)")
    delivery = claim_next(creator.id, ["announcement"])

    mail = ANNOUNCEMENTS.write(creator.id, delivery)

    assert isinstance(mail, Mail)
    assert "<strong>Hello</strong> &lt;b&gt;you&lt;/b&gt;" in mail.html
    assert "<img" not in mail.html
    assert 'href="https://a.example"' in mail.html
    assert "**Hello**" in mail.text
    assert (mail.from_name, mail.subject) == ("Mira Vale", "News")
    assert mail.reply_to is not None
    assert f"d={delivery.id}" in mail.text


def test_a_claimed_mail_of_a_cancelled_announcement_is_not_written():
    creator = a_creator(ada := a_student())
    announcement_id, _ = sent_to(creator, [ada])
    delivery = claim_next(creator.id, ["announcement"])
    assert ANNOUNCEMENTS.why_not(creator.id, delivery) is None

    cancel(a_linked_account(creator), creator.id, announcement_id)

    assert ANNOUNCEMENTS.why_not(creator.id, delivery) == "The announcement was cancelled."


@pytest.mark.parametrize(
    ("before_days", "after_days", "has_come_back"),
    [
        (7.1, 6.9, True),
        (None, 0.1, True),  # never seen before
        (6.9, 1, False),  # was not away
        (30, 7.1, False),  # too late to be an answer
        (30, None, False),
    ],
)
def test_who_was_silent_before_and_not_after_came_back(before_days, after_days, has_come_back):
    ada = a_student()
    sent_days_ago = 10
    seen = [sent_days_ago + before_days] if before_days is not None else []
    seen += [sent_days_ago - after_days] if after_days is not None else []
    creator = a_creator(ada, [an_event(ada, days_ago=days) for days in seen])
    announcement_id, _ = sent_to(creator, [ada])
    change_mail(creator, f"state = 'sent', sent_at = dashboard_now() - interval '{sent_days_ago} days'")

    assert announcement(creator.id, announcement_id)["came_back"].tolist() == [int(has_come_back)]
    assert recipients(creator.id, announcement_id)["has_come_back"].tolist() == [has_come_back]


def test_all_students_of_a_filter_are_meant_whatever_the_page():
    creator = a_creator([a_student(f"Student {number}") for number in range(60)])

    assert len(audience_of(creator.id, StudentFilters(limit=50, offset=50), 0)) == 60
    assert len(audience_of(creator.id, StudentFilters(search="Student 7"), 0)) == 1


@pytest.mark.parametrize(
    ("subject", "body", "said"),
    [
        ("", "text", "The subject is empty"),
        ("news", "  \n", "The text is empty"),
        ("x" * 151, "text", "The subject has 151 characters"),
        ("a\nb", "text", "The subject contains a character"),
        ("news", "a\x00b", "The text contains a character"),
    ],
)
def test_what_no_mail_can_carry_is_refused(subject, body, said):
    with pytest.raises(InputError, match=said):
        Announcement.typed(subject, body)


def a_sending(body="Hello", due_in=timedelta()):
    return Sending(uuid4(), Announcement("News", body), "All students", now() + due_in, "UTC")


def sent_to(creator, students, body="Hello"):
    """The announcement's id, and how many emails were queued."""
    sending = a_sending(body)
    whom = chosen(creator, *(student.id for student in students))
    return sending.id, announce(a_linked_account(creator), creator.id, sending, whom)


def reasons(creator, students, quiet_days=0):
    found = audience(creator.id, [student.id for student in students], quiet_days)
    return {row.name: None if pd.isna(row.skipped_because) else row.skipped_because for row in found.itertuples()}
