"""The bar above every page: search, notifications, profile; the shortcuts beside it."""

from uuid import UUID

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from actions.preferences import save_preferences
from database.account_directory import disable
from database.accounts import account_of_identity
from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from queries.overview.notices import seen_notice_keys
from rules.preferences import Preferences
from tests.accounts import ISSUER, a_linked_account, an_invited_account
from tests.builders import NOW, ACreator, a_creator, a_progress, a_student, a_video, an_event
from tests.pages.opened import an_account, opened, words
from tests.queries.overview.test_notices import an_export
from ui.shared.text import plain
from ui.top_bar.notices import OPENED
from ui.top_bar.search import LABEL

ADA = "Ada Moss"
HOSTILE = "[x](https://evil.example.com) **b** :red[r]"


def test_a_student_is_found_while_typing_and_the_link_leads_to_the_profile() -> None:
    ada, video = a_student(ADA), a_video(title="Adapting loops")
    app = opened(an_account(a_creator(ada, video)))

    typed(app, "ada")

    assert results(app) == {"student": f"id={ada.id}", "video": f"id={video.id}"}
    assert ADA in words(app)


@pytest.mark.parametrize("text", ["%%", "__", "nobody"])
def test_where_nothing_fits_it_says_so(text: str) -> None:
    app = opened(an_account(a_creator(a_student(ADA))))

    typed(app, text)

    assert "No results" in words(app)
    assert not results(app)


def test_one_letter_does_not_search() -> None:
    app = opened(an_account(a_creator(a_student(ADA, enrolled_days_ago=1))))

    typed(app, "a")

    assert not results(app)
    assert "No results" not in words(app)


def test_hostile_names_are_shown_plain() -> None:
    app = opened(an_account(a_creator(a_student(HOSTILE, enrolled_days_ago=1))))

    typed(app, "evil")

    (found,) = [link for link in app.get("page_link") if "evil" in link.proto.label]
    assert "\\[x\\]\\(" in found.proto.label
    assert ":red[" not in found.proto.label


def test_another_place_begins_with_an_empty_search() -> None:
    app = opened(an_account(a_creator(a_student(ADA))))
    typed(app, "ada")

    app.query_params["id"] = "another"
    app.run()

    assert search_field(app).value == ""


def test_notifications_are_counted_listed_and_marked_as_seen() -> None:
    creator = a_creator_with_news()
    account_id = an_account(creator)

    counted = [popover.proto.popover.label for popover in opened(account_id).get("popover")]
    app = told(account_id)
    before = words(app)
    button(app, "Mark all as seen").click().run()

    assert "Notifications (2)" in counted
    assert f"{ADA} has been away for 10 days" in before
    assert "0% of 5 viewers complete it · Sets" in before
    assert len(seen_notice_keys(creator.id, account_id)) == 2
    assert "New]" in before
    assert "New]" not in words(app)
    assert "Mark all as seen" not in [found.label for found in app.button]


def test_the_number_on_the_closed_button_is_that_of_what_is_new() -> None:
    creator = a_creator_with_news()
    account = a_linked_account(creator)
    app = opened(account.id)
    before = notifications(app)
    app.session_state[OPENED] = True
    button(app.run(), "Mark all as seen").click().run()
    an_export(creator, "completed", NOW)
    save_preferences(account, creator.id, Preferences(alerts_at_risk=False))

    assert before == "Notifications (2)"
    assert notifications(app) == "Notifications"
    assert notifications(opened(account.id)) == "Notifications (1)"  # another session: the export


def test_who_was_there_before_figures_changed_is_told_so_once() -> None:
    creator = a_creator(timezone="Asia/Kolkata")
    definitions_changed(creator, "2026-03-01 20:00:00+00")
    account_id, other = an_account(creator), an_account(creator)

    app = told(account_id)
    (link,) = [link for link in app.get("page_link") if "counted differently" in link.proto.label]
    button(app, "Mark all as seen").click().run()

    assert link.proto.page == "changed_figures"
    assert "Some figures have been counted differently since 2 March 2026" in link.proto.label
    assert "Nothing needs attention." in words(told(account_id))
    assert "Changed figures" in words(told(other))
    assert "Changed figures" not in words(told(an_account(None)))
    assert "Changed figures" not in words(told(an_account(a_creator(name="The Outsider"))))


def test_what_is_counted_differently_stands_on_a_page_of_its_own() -> None:
    app = opened(an_account(a_creator()), "changed_figures")

    assert app.title[0].value == "Changed figures"
    assert "**Completed.**" in words(app)


def test_alerts_that_are_switched_off_are_not_told() -> None:
    creator = a_creator_with_news()
    account = a_linked_account(creator)
    save_preferences(account, creator.id, Preferences(alerts_at_risk=False, alerts_content=False))

    assert "Nothing needs attention." in words(told(account.id))


@pytest.mark.parametrize("reason", [None, "The **disk** is full."])
def test_exports_are_told_when_they_are_done_or_failed(reason: str | None) -> None:
    creator = a_creator()
    an_export(creator, "completed", NOW)
    an_export(creator, "failed", NOW, reason)

    said = words(told(an_account(creator)))

    assert "Students as CSV is ready" in said
    assert f"failed: {plain(reason or 'no reason was given')}" in said


def test_an_outsider_is_told_nothing_even_after_the_owner_looked() -> None:
    assert ADA in words(told(an_account(a_creator_with_news())))

    outsider = an_account(a_creator(name="The Outsider"))
    searched = opened(outsider)
    typed(searched, "ada")

    assert not results(searched)
    assert "Nothing needs attention." in words(told(outsider))


def test_staff_read_notifications_and_cannot_mark_them() -> None:
    a_creator_with_news()

    staff = an_account(None)
    app = told(staff)

    assert ADA in words(app)
    assert "Mark all as seen" not in [found.label for found in app.button]
    assert not [link for link in opened(staff).sidebar.get("page_link") if "Upload" in link.proto.label]


def test_the_shortcuts_lead_to_the_upload_the_invitations_and_a_new_quiz() -> None:
    app = opened(an_account(a_creator()))

    shortcuts = {link.proto.label: (link.proto.page, link.proto.query_string) for link in app.sidebar.get("page_link")}
    assert shortcuts == {
        "Upload video": ("videos", "upload=1"),
        "Invite students": ("invitations", ""),
        "Generate a quiz": ("generate_quiz", ""),
    }


def test_the_profile_says_who_it_is() -> None:
    app = opened(an_account(a_creator(name="Mira Vale"), name="Ira Bloom"))

    assert "**Ira Bloom**" in words(app)
    assert "Dashboard of **Mira Vale**" in words(app)
    button(app, "Sign out").click().run()
    assert app.title[0].value == "Creator Dashboard"


@pytest.mark.parametrize(
    ("verified", "said"),
    [(True, "which has no account on this dashboard"), (False, "has not verified"), ("true", "has not verified")],
)
def test_whom_only_the_provider_knows_reads_why_and_what_to_do(verified: object, said: str) -> None:
    an_invited_account("mira@example.com", a_creator(a_student(ADA)))

    app = signed_in("subject", "noor@example.com" if verified is True else "mira@example.com", verified)

    assert app.title[0].value == "No access"
    assert said in words(app)
    assert ADA not in words(app)


def test_a_hostile_claim_is_shown_plain() -> None:
    said = words(signed_in("subject", "**bold**@example.com", True))

    assert "\\*\\*bold\\*\\*" in said


def test_a_verified_e_mail_opens_its_account() -> None:
    invited = an_invited_account("mira@example.com", a_creator(a_student(ADA), name="Mira Vale"))

    app = signed_in("subject", "Mira@example.com", True)

    assert app.title[0].value == "Overview"
    linked = account_of_identity(ISSUER, "subject")
    assert linked is not None
    assert linked.id == invited


def test_a_disabled_account_reads_that_it_is_closed() -> None:
    known = a_linked_account(a_creator(a_student(ADA)))
    disable(known.id)

    app = signed_in(str(known.email), str(known.email), True)

    assert "this account no longer has access" in words(app)
    assert ADA not in words(app)


def test_a_creator_who_was_added_a_moment_ago_gets_in() -> None:
    opened(an_account(a_creator(name="Amy First")))

    app = opened(an_account(a_creator(name="Zoe Second")))

    assert app.title[0].value == "Overview"


def definitions_changed(creator: ACreator, at: str) -> None:
    with platform_tx() as connection:
        changed = text("update creators set definitions_changed_at = :at where id = :id")
        connection.execute(changed, {"at": at, "id": creator.id})


def signed_in(subject: str, email: str, verified: object) -> AppTest:
    app = AppTest.from_file(PROJECT_DIR / "ui" / "main.py", default_timeout=30)
    app.user = {"is_logged_in": True, "iss": ISSUER, "sub": subject, "email": email, "email_verified": verified}
    return app.run()


def told(account_id: UUID) -> AppTest:
    """The notifications alone, opened."""
    app = AppTest.from_function(notifications_opened, default_timeout=30)
    app.session_state["account_id"] = account_id
    return app.run()


def notifications_opened() -> None:
    """A page of nothing but the notifications: a test cannot click on a popover."""
    import streamlit as st

    from ui.account.viewer import viewer
    from ui.navigation import pages_for
    from ui.top_bar.notices import current_notices, notice_list

    st.navigation(pages_for(viewer().account))
    notice_list(viewer(), current_notices(viewer()))


def notifications(app: AppTest) -> str:
    """What stands on the button of the notifications."""
    labels = [popover.proto.popover.label for popover in app.get("popover")]
    return str(next(label for label in labels if label.startswith("Notifications")))


def typed(app: AppTest, text: str) -> None:
    search_field(app).set_value(text).run()


def search_field(app: AppTest):
    return next(field for field in app.text_input if field.label == LABEL)


def results(app: AppTest) -> dict[str, str]:
    """The pages that the search's results lead to, with their parameters."""
    found = [link.proto for link in app.main.get("page_link") if ":small[" in link.proto.label]
    return {link.page: link.query_string for link in found}


def button(app: AppTest, label: str):
    return next(found for found in app.main.button if found.label == label)


def a_creator_with_news() -> ACreator:
    """Ada fell silent ten days ago; five others started Sets, and none of them completed it."""
    ada, video = a_student(ADA), a_video(title="Sets")
    others = [a_student(f"Other {number}") for number in range(5)]
    progress = [a_progress(other, video, days_ago=1) for other in others]
    return a_creator(ada, video, others, an_event(ada, days_ago=10), progress)
