"""Announcements: whom they reach, sending once, cancelling, who came back."""

from datetime import timedelta
from uuid import uuid4

import pandas as pd
import pytest
from sqlalchemy import text

from actions.announcements import UNDO_SECONDS, Sending, announce, cancel, change
from actions.mail_ledger import claim_next
from actions.mail_suppressions import suppress
from database.announcements import Announcement
from database.clock import as_of, now
from database.tenancy import tenant_tx
from mail.announcement import ANNOUNCEMENTS
from mail.delivery import send_due
from mail.folder import FolderTransport
from mail.message import Mail
from queries.mails.announcement_audience import audience, audience_of
from queries.mails.announcements import announcement, announcements, recipients
from queries.students.lists import StudentFilters
from rules.edits import VersionConflict
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, an_event
from tests.mailing import a_sender, change_mail, chosen, mails, states

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
    delivery = claimed_a_minute_later(creator)

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
    delivery = claimed_a_minute_later(creator)
    assert ANNOUNCEMENTS.why_not(creator.id, delivery) is None

    cancel(a_linked_account(creator), creator.id, announcement_id)

    assert ANNOUNCEMENTS.why_not(creator.id, delivery) == "The announcement was cancelled."


@pytest.mark.parametrize(("seconds", "is_claimed"), [(UNDO_SECONDS - 1, False), (UNDO_SECONDS, True)])
def test_nothing_is_claimed_for_a_minute(seconds, is_claimed):
    creator = a_creator(ada := a_student())
    sent_to(creator, [ada])

    with as_of(now() + timedelta(seconds=seconds)):
        assert (claim_next(creator.id, ["announcement"]) is not None) is is_claimed


def test_undone_within_the_minute_nobody_gets_anything(tmp_path):
    ada, ben = a_student(), a_student("Ben")
    creator = a_creator(ada, ben)
    announcement_id, asked = sent_to(creator, [ada, ben])

    with as_of(now() + timedelta(seconds=UNDO_SECONDS - 1)):
        send_due(a_sender(FolderTransport(tmp_path), ANNOUNCEMENTS))
        assert cancel(a_linked_account(creator), creator.id, announcement_id) == asked == 2
    with as_of(now() + timedelta(hours=1)):
        send_due(a_sender(FolderTransport(tmp_path), ANNOUNCEMENTS))

    assert states(creator) == ["cancelled", "cancelled"]
    assert {mail["snapshot"] for mail in mails(creator)} == {None}


def test_a_scheduled_announcement_is_changed_with_its_time():
    creator = a_creator(ada := a_student())
    sending, author = a_sending(due_in=timedelta(days=1)), a_linked_account(creator)
    announce(author, creator.id, sending, chosen(creator, ada.id))
    later = now() + timedelta(days=2)

    assert change(author, creator.id, sending.id, Announcement("Other news", "Bye"), later, 1) == 2

    (row,) = announcements(creator.id).to_dict("records")
    assert (row["subject"], row["body"], row["due_at"]) == ("Other news", "Bye", later)
    assert [mail["next_attempt_at"] for mail in mails(creator)] == [later]


def test_who_saves_an_older_version_is_told_and_changes_nothing():
    creator = a_creator(ada := a_student())
    sending, author = a_sending(due_in=timedelta(days=1)), a_linked_account(creator)
    announce(author, creator.id, sending, chosen(creator, ada.id))
    change(author, creator.id, sending.id, Announcement("First", "tab"), sending.due_at, 1)

    with pytest.raises(VersionConflict):
        change(author, creator.id, sending.id, Announcement("Second", "tab"), now() + timedelta(days=3), 1)

    (row,) = announcements(creator.id).to_dict("records")
    assert (row["subject"], row["due_at"]) == ("First", sending.due_at)
    assert [mail["next_attempt_at"] for mail in mails(creator)] == [sending.due_at]


def test_what_a_worker_has_begun_to_send_stays_as_it_is():
    ada, ben = a_student(), a_student("Ben")
    creator = a_creator(ada, ben)
    announcement_id, _ = sent_to(creator, [ada, ben])
    claimed_a_minute_later(creator)

    with pytest.raises(VersionConflict, match="being sent"):
        change(a_linked_account(creator), creator.id, announcement_id, Announcement("x", "y"), now(), 1)

    assert announcements(creator.id)["subject"].tolist() == ["News"]


def test_strangers_change_nothing():
    creator, outsider = a_creator(ada := a_student()), a_creator()
    sending = a_sending(due_in=timedelta(days=1))
    announce(a_linked_account(creator), creator.id, sending, chosen(creator, ada.id))
    content = Announcement("x", "y")

    with pytest.raises(InputError, match="Read-only for staff"):
        change(a_linked_account(None), creator.id, sending.id, content, now(), 1)
    with pytest.raises(VersionConflict):
        change(a_linked_account(outsider), outsider.id, sending.id, content, now(), 1)

    assert announcements(creator.id)["subject"].tolist() == ["News"]


def test_each_recipient_is_called_by_name_and_a_name_is_only_text():
    creator = a_creator(ada := a_student("Ada [x](https://evil.example) {progress} Moss", email="ada@example.org"))
    sent_to(creator, [ada], body="Hi {First name}, or {name}, at {progress}: {nothing}")

    mail = ANNOUNCEMENTS.write(creator.id, claimed_a_minute_later(creator))

    assert "Hi Ada, or Ada [x](https://evil.example) {progress} Moss, at -: {nothing}" in mail.text
    assert "evil.example)" in mail.html
    assert 'href="https://evil' not in mail.html


@pytest.mark.parametrize(
    ("change_of_student", "recipient", "state"),
    [
        ("email = 'new@example.org'", "new@example.org", "sent"),
        ("email = 'ada@b\u00fccher.example.'", "ada@xn--bcher-kva.example", "sent"),
        ("email = 'ben@example.org'", "ada@example.org", "skipped"),  # Ben gets one, and it is his
        ("email = null", "ada@example.org", "skipped"),
        ("deleted_at = now()", "ada@example.org", "skipped"),
    ],
)
def test_a_scheduled_email_goes_to_the_address_of_the_day_it_is_sent(change_of_student, recipient, state, tmp_path):
    ada, ben = a_student("Ada", email="ada@example.org"), a_student("Ben", email="ben@example.org")
    creator = a_creator(ada, ben)
    announce(
        a_linked_account(creator), creator.id, a_sending(due_in=timedelta(days=7)), chosen(creator, ada.id, ben.id)
    )
    with tenant_tx(creator.id) as connection:
        connection.execute(text(f"update students set {change_of_student} where name = 'Ada'"))

    with as_of(now() + timedelta(days=7)):
        send_due(a_sender(FolderTransport(tmp_path), ANNOUNCEMENTS))

    found = {mail["student_id"]: (mail["recipient"], mail["state"]) for mail in mails(creator)}
    assert found == {ada.id: (recipient, state), ben.id: ("ben@example.org", "sent")}


def test_an_erased_student_and_one_who_unsubscribed_with_the_new_address_get_nothing(tmp_path):
    ada, ben = a_student("Ada", email="ada@example.org"), a_student("Ben", email="ben@example.org")
    creator = a_creator(ada, ben)
    announce(
        a_linked_account(creator), creator.id, a_sending(due_in=timedelta(days=7)), chosen(creator, ada.id, ben.id)
    )
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update mail_deliveries set student_id = null where recipient like 'ada%'"))
        connection.execute(text("update students set email = 'other@example.org' where name = 'Ben'"))
        suppress(connection, creator.id, "other@example.org", "unsubscribed", "announcement")

    with as_of(now() + timedelta(days=7)):
        send_due(a_sender(FolderTransport(tmp_path), ANNOUNCEMENTS))

    assert states(creator) == ["skipped", "skipped"]
    assert {mail["snapshot"] for mail in mails(creator)} == {None}


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


def claimed_a_minute_later(creator):
    with as_of(now() + timedelta(seconds=UNDO_SECONDS)):
        return claim_next(creator.id, ["announcement"])


def reasons(creator, students, quiet_days=0):
    found = audience(creator.id, [student.id for student in students], quiet_days)
    return {row.name: None if pd.isna(row.skipped_because) else row.skipped_because for row in found.itertuples()}
