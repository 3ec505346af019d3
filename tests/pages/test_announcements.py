"""Announcements as a creator writes them and as everybody sees them."""

from uuid import UUID

from streamlit.testing.v1 import AppTest

from queries.mails.announcements import announcements
from tests.builders import ACreator, a_creator, a_student, a_watch
from tests.mailing import change_mail, mails, states
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import went_to

ADA, BEN, CLEO = "Ada Moss", "Ben Okoro", "Cleo Hart"


def test_without_announcements_it_says_what_to_do() -> None:
    app = opened(an_account(a_creator()), "announcements")

    assert not app.exception
    assert "No announcements yet." in words(app)


def test_the_address_of_the_students_page_says_to_whom() -> None:
    app = opened(an_account(three_students()), "announce", status="at-risk")

    assert not app.exception
    assert "**1 of 1** students will get it." in words(app)
    assert BEN in words(app)
    assert ADA not in words(app)


def test_chosen_students_are_named_by_the_address() -> None:
    ada, cleo = a_student(ADA), a_student(CLEO, email=None)
    creator = a_creator(ada, cleo, a_student(BEN))

    app = opened(an_account(creator), "announce", to=f"{ada.id},{cleo.id},nonsense")

    assert "To the **2** students you selected." in words(app)
    assert "**1 of 2** students will get it." in words(app)
    assert "no address that mail can go to" in words(app)
    assert BEN not in words(app)


def test_another_creators_students_cannot_be_written_to() -> None:
    creator = three_students()
    foreign = a_student("Olga Own")
    a_creator(foreign, name="The Owner")

    app = opened(an_account(creator), "announce", to=str(foreign.id))

    assert "**0 of 0** students will get it." in words(app)
    assert app.button(key="send_announcement").disabled


def test_sending_leads_to_the_announcement_and_says_how_far_it_is() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce")
    write(app, "News of the week", "Come **back** to us")

    app.button(key="send_announcement").click().run()

    assert not app.exception
    assert len(mails(creator)) == 3
    assert went_to(app) == f"/announcement?id={only_announcement(creator)}"
    shown = opened(account, "announcement", id=str(only_announcement(creator)))
    assert shown.title[0].value == "News of the week"
    assert figures(shown)["Sent"] == "0 of 3"
    assert "To: All students" in words(shown)
    assert "News of the week" in words(opened(account, "announcements"))


def test_without_a_text_nothing_is_sent_and_it_says_why() -> None:
    creator = three_students()
    app = opened(an_account(creator), "announce")

    app.button(key="send_announcement").click().run()

    assert "The subject is empty" in app.error[0].value
    assert mails(creator) == []


def test_what_is_not_sent_can_be_called_off() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce")
    write(app, "News", "Text")
    app.button(key="send_announcement").click().run()
    change_mail(creator, "state = 'sent', sent_at = dashboard_now() where recipient like 'ada%'")

    app = opened(account, "announcement", id=str(only_announcement(creator)))
    app.button(key="cancel").click().run()

    assert not app.exception
    assert sorted(states(creator)) == ["cancelled", "cancelled", "sent"]
    assert "2 emails will not be sent." in words(app)


def test_staff_read_and_write_nothing() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce")
    write(app, "News", "Text")
    app.button(key="send_announcement").click().run()
    staff = an_account(None)

    shown = opened(staff, "announcement", id=str(only_announcement(creator)))
    assert shown.title[0].value == "News"
    assert not [button for button in shown.button if button.key == "cancel"]
    assert "Read-only for staff: only the creator can write to students." in words(opened(staff, "announce"))
    assert "Announce" not in str([link.proto.label for link in opened(staff, "students").main.get("page_link")])


def test_an_outsider_is_told_that_there_is_no_such_announcement() -> None:
    creator = three_students()
    app = opened(an_account(creator), "announce")
    write(app, "A secret", "Text")
    app.button(key="send_announcement").click().run()

    shown = opened(an_account(a_creator(name="The Outsider")), "announcement", id=str(only_announcement(creator)))

    assert "Announcement not found." in words(shown)
    assert "A secret" not in words(shown)


def test_the_students_page_leads_here_with_its_filters() -> None:
    app = opened(an_account(three_students()), "students", status="at-risk")

    (link,) = [link for link in app.main.get("page_link") if "Write to" in link.proto.label]
    assert (link.proto.label, link.proto.page) == ("Write to this student", "announce")
    assert link.proto.query_string == "status=at-risk"


def write(app: AppTest, subject: str, body: str) -> None:
    app.text_input(key="announcement_subject").set_value(subject)
    app.text_area(key="announcement_body").set_value(body).run()


def only_announcement(creator: ACreator) -> UUID:
    (found,) = announcements(creator.id)["announcement_id"]
    return found


def three_students() -> ACreator:
    """Ada was here yesterday, Ben ten days ago, Cleo twenty."""
    students = {name: a_student(name) for name in (ADA, BEN, CLEO)}
    days = {ADA: 1, BEN: 10, CLEO: 20}
    return a_creator([[one, a_watch(one, days_ago=days[name])] for name, one in students.items()])
