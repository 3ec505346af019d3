"""Announcements as a creator writes them and as everybody sees them."""

from datetime import timedelta
from uuid import UUID, uuid4

from streamlit.testing.v1 import AppTest

from actions.announcements import Sending, announce
from database.announcements import Announcement
from database.clock import now
from queries.mails.announcement_drafts import announcement_drafts
from queries.mails.announcements import announcements
from tests.accounts import a_linked_account
from tests.builders import ACreator, a_creator, a_student, a_watch
from tests.mailing import change_mail, chosen, mails, states
from tests.oracle import rows_of
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.shown_tables import followed, went_to

ADA, BEN, CLEO = "Ada Moss", "Ben Okoro", "Cleo Hart"


def test_without_announcements_it_says_what_to_do() -> None:
    app = opened(an_account(a_creator()), "announcements")

    assert not app.exception
    assert "No announcements yet." in words(app)


def test_the_address_of_the_students_page_says_to_whom() -> None:
    app = opened(an_account(three_students()), "announce", status="at-risk")

    assert not app.exception
    assert "**1 of 1** student will get it." in words(app)
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
    app = opened(account, "announce", whom="all")
    write(app, "News of the week", "Come **back** to us")

    app.button(key="send_announcement").click().run()
    assert "**Send this to 3 students?**" in words(app)
    assert mails(creator) == []
    app.button(key="confirm_send").click().run()

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
    app = opened(an_account(creator), "announce", whom="all")

    send(app)

    assert "The subject is empty" in app.error[0].value
    assert mails(creator) == []


def test_what_is_not_sent_can_be_called_off() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce", whom="all")
    write(app, "News", "Text")
    send(app)
    change_mail(creator, "state = 'sent', sent_at = dashboard_now() where recipient like 'ada%'")

    app = opened(account, "announcement", id=str(only_announcement(creator)))
    app.button(key="cancel").click().run()

    assert not app.exception
    assert sorted(states(creator)) == ["cancelled", "cancelled", "sent"]
    app = followed(app)
    assert "2 emails will not be sent; 1 email was already on the way." in words(app)
    assert app.text_input(key="announcement_subject").value == "News"


def test_staff_read_and_write_nothing() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce", whom="all")
    write(app, "News", "Text")
    send(app)
    staff = an_account(None)

    shown = opened(staff, "announcement", id=str(only_announcement(creator)))
    assert shown.title[0].value == "News"
    assert not [button for button in shown.button if button.key == "cancel"]
    assert "Read-only for staff: only the creator can write to students." in words(opened(staff, "announce"))
    assert "Announce" not in str([link.proto.label for link in opened(staff, "students").main.get("page_link")])


def test_an_outsider_is_told_that_there_is_no_such_announcement() -> None:
    creator = three_students()
    app = opened(an_account(creator), "announce", whom="all")
    write(app, "A secret", "Text")
    send(app)

    shown = opened(an_account(a_creator(name="The Outsider")), "announcement", id=str(only_announcement(creator)))

    assert "Announcement not found." in words(shown)
    assert "A secret" not in words(shown)


def test_the_students_page_leads_here_with_its_filters() -> None:
    app = opened(an_account(three_students()), "students", status="at-risk")

    (link,) = [link for link in app.main.get("page_link") if "Write to" in link.proto.label]
    assert (link.proto.label, link.proto.page) == ("Write to this student", "announce")
    assert link.proto.query_string == "status=at-risk"


def test_opened_without_a_choice_nobody_is_selected() -> None:
    app = opened(an_account(three_students()), "announce")

    assert "Nobody is selected yet." in words(app)
    assert app.button(key="send_announcement").disabled
    assert ADA not in words(app)


def test_one_student_gets_a_text_of_their_own_with_their_name_in_the_preview() -> None:
    ada = a_student(ADA)
    creator = a_creator([ada, a_watch(ada, days_ago=20)])

    app = opened(an_account(creator), "announce", to=str(ada.id))

    assert app.text_input(key="announcement_subject").value == "How are you getting on?"
    assert app.text_area(key="announcement_body").value.startswith("Hi {first name},")
    assert "Hi Ada," in words(app)
    assert "To the student you selected." in words(app)


def test_undone_nothing_is_sent_and_the_text_is_there_again() -> None:
    creator = three_students()
    account = an_account(creator)
    app = opened(account, "announce", whom="all")
    write(app, "News", "Text")
    send(app)

    app = opened(account, "announcement", id=str(only_announcement(creator)))
    assert "**3 emails** will be sent in 60 seconds" in words(app)
    app.button(key="cancel").click().run()

    assert states(creator) == ["cancelled"] * 3
    app = followed(app)
    assert "Undone: nothing was sent to anybody." in words(app)
    assert app.text_area(key="announcement_body").value == "Text"
    assert "**3 of 3** students will get it." in words(app)


def test_a_test_goes_to_the_account_alone() -> None:
    creator = three_students()
    account = a_linked_account(creator)
    app = opened(account.id, "announce", whom="all")
    write(app, "News", "Hi {first name}")

    app.button(key="test_announcement").click().run()

    assert "A test is on its way to" in words(app)
    assert [(mail["kind"], mail["recipient"]) for mail in mails(creator)] == [("announcement_trial", account.email)]


def test_two_tabs_of_one_draft_show_both_versions_and_lose_neither() -> None:
    creator = three_students()
    account = an_account(creator)
    first = opened(account, "announce", whom="all")
    write(first, "News", "From the first tab")
    (draft,) = announcement_drafts(creator.id)
    second = opened(account, "announce", draft=str(draft.id), whom="all")
    write(first, "News", "From the first tab, again")

    write(second, "News", "From the second tab")

    said = words(second)
    assert "This draft was changed in another tab." in said
    assert "From the first tab, again" in said
    assert "From the second tab" in said
    assert announcement_drafts(creator.id)[0].body == "From the first tab, again"
    assert second.button(key="send_announcement").disabled
    second.button(key="keep_mine").click().run()
    assert announcement_drafts(creator.id)[0].body == "From the second tab"
    assert "in another tab" not in words(second)


def test_a_draft_sent_from_another_tab_leaves_what_was_typed_here_as_a_new_one() -> None:
    creator = three_students()
    account = an_account(creator)
    first = opened(account, "announce", whom="all")
    write(first, "News", "Sent")
    second = opened(account, "announce", draft=str(announcement_drafts(creator.id)[0].id), whom="all")
    send(first)

    write(second, "News", "Typed later")

    assert "This draft was sent from another tab." in words(second)
    second.button(key="keep_mine").click().run()
    assert [draft.body for draft in announcement_drafts(creator.id)] == ["Typed later"]
    assert announcements(creator.id)["body"].tolist() == ["Sent"]


def test_a_scheduled_announcement_edited_in_two_tabs_shows_both_versions() -> None:
    creator = three_students()
    account, sending = a_linked_account(creator), uuid4()
    due_at = now() + timedelta(days=2)
    content = Announcement("News", "Text")
    whom = chosen(creator, *(row["id"] for row in rows_of(creator.id, "students")))
    announce(account, creator.id, Sending(sending, content, "All", due_at, "UTC"), whom)
    first, second = (opened(account.id, "announcement", id=str(sending)) for _ in range(2))

    edit(first, "From the first tab")
    edit(second, "From the second tab")

    assert announcements(creator.id)["body"].tolist() == ["From the first tab"]
    assert "This announcement was changed in another tab." in words(second)
    assert "From the second tab" in words(second)
    second.button(key="keep_mine").click().run()
    assert announcements(creator.id)["body"].tolist() == ["From the second tab"]
    assert states(creator) == ["pending"] * 3


def test_drafts_are_listed_and_deleted_and_staff_see_none() -> None:
    creator = three_students()
    account = an_account(creator)
    write(opened(account, "announce"), "Half a thought", "Text")
    (draft,) = announcement_drafts(creator.id)

    app = opened(account, "announcements")

    assert "Half a thought" in str([link.proto.label for link in app.main.get("page_link")])
    assert "Half a thought" not in str(
        [link.proto for link in opened(an_account(None), "announcements").main.get("page_link")]
    )
    app.button(key=f"delete_draft_{draft.id}").click().run()
    assert announcement_drafts(creator.id) == []


def send(app: AppTest) -> None:
    app.button(key="send_announcement").click().run()
    app.button(key="confirm_send").click().run()


def edit(app: AppTest, body: str) -> None:
    app.text_area(key="edited_body").set_value(body)
    app.button(key="save_announcement").click().run()


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
