"""The settings as a creator sees and changes them."""

from uuid import UUID

from sqlalchemy import text

from actions.archives import archive_old_rows
from database.tenancy import tenant_tx
from database.time_zones import time_zones
from queries.preferences import preferences
from rules.preferences import Preferences
from tests.builders import ACreator, a_chat, a_creator, a_question, a_student, a_watch, an_answer
from tests.pages.opened import an_account, figures, opened, words
from tests.pages.test_top_bar import told


def test_the_usual_settings_are_shown_in_words() -> None:
    app = opened(an_account(a_creator(timezone="Asia/Kolkata")), "settings")

    assert not app.exception
    assert "Days begin at midnight in **Asia/Kolkata**, where it is now 17:30." in words(app)
    assert choice(app, "Default period").value == "30d"
    assert app.multiselect[0].value == ["total_students", "active_students", "completion", "satisfaction"]


def test_cards_and_period_rule_the_overview() -> None:
    creator = a_creator_who_has_students()
    account = an_account(creator)
    app = opened(account, "settings")
    app.multiselect[0].set_value(["satisfaction", "total_students"])
    choice(app, "Default period").set_value("7d")
    save(app)

    assert "Settings saved." in words(app)
    assert preferences(creator.id) == Preferences(cards=("satisfaction", "total_students"), period="7d")
    assert list(figures(opened(account))) == ["AI satisfaction", "Total students"]
    assert "in the last 7 days" in words(opened(account))
    assert "in the last 90 days" in words(opened(account, period="90d"))


def test_digest_alerts_and_exports_are_saved() -> None:
    creator = a_creator()
    app = opened(an_account(creator), "settings")
    toggle(app, "Send me a weekly summary by email").set_value(True)
    toggle(app, "Attach the week's report as a PDF").set_value(True)
    toggle(app, "Failed quizzes").set_value(False)
    choice(app, "Weekday").set_value("Friday")
    choice(app, "Hour").set_value(17)
    choice(app, "Default format").set_value("xlsx")
    choice(app, "CSV: separator").set_value("semicolon")
    choice(app, "CSV: decimal mark").set_value("comma")
    save(app)

    assert preferences(creator.id) == Preferences(
        is_digest_on=True,
        digest_weekday="Friday",
        digest_hour=17,
        digest_has_report=True,
        alerts_quizzes=False,
        export_format="xlsx",
        csv_separator="semicolon",
        csv_decimal_mark="comma",
    )


def test_without_a_card_nothing_is_saved_and_it_says_why() -> None:
    creator = a_creator()
    app = opened(an_account(creator), "settings")
    app.multiselect[0].set_value([])
    save(app)

    assert "choose at least one" in app.error[0].value
    assert preferences(creator.id) == Preferences()


def test_a_new_time_zone_shows_on_every_page_at_once() -> None:
    account = an_account(a_creator_who_has_students())
    app = opened(account, "settings")
    choice(app, "Time zone").set_value("America/New_York").run()
    next(button for button in app.button if button.label == "Change time zone").click().run()

    assert "The time zone is America/New York now; all figures have been recalculated." in words(app)
    assert "midnight in **America/New York**" in words(app)
    assert "Hours in America/New York." in words(opened(account))


def test_a_zone_that_was_none_is_told_until_one_is_chosen() -> None:
    creator = a_creator()
    account = an_account(creator)
    with_a_zone_before(creator, "PST [x](y)")
    assert "PST" in notices_of(account)
    app = opened(account, "settings")
    assert "“PST \\[x\\]\\(y\\)” is not a time zone the dashboard knows" in app.warning[0].value

    next(button for button in app.button if button.label == "Keep UTC").click().run()

    assert "The time zone is UTC now" in words(app)
    assert not app.warning
    assert next(button for button in app.button if button.label == "Change time zone").disabled
    assert "PST" not in notices_of(account)


def test_another_zone_ends_the_notice_too() -> None:
    creator = a_creator()
    with_a_zone_before(creator, "UTC+3")
    app = opened(an_account(creator), "settings")

    choice(app, "Time zone").set_value("Europe/Istanbul").run()
    next(button for button in app.button if button.label == "Change time zone").click().run()

    assert "The time zone is Europe/Istanbul now" in words(app)
    assert not app.warning


def test_every_known_zone_is_offered() -> None:
    app = opened(an_account(a_creator()), "settings")

    assert [zone.replace("_", " ") for zone in time_zones()] == choice(app, "Time zone").options


def test_staff_see_the_settings_and_change_none() -> None:
    a_creator()
    app = opened(an_account(None), "settings")

    assert not app.exception
    assert "only the creator can change these settings" in words(app)
    assert {"Save", "Change time zone"}.isdisjoint(button.label for button in app.button)
    assert all(field.disabled for field in [*app.toggle, *app.multiselect, *app.main.selectbox])


def test_old_chats_are_archived_by_choice_and_restored_by_a_click(monkeypatch, tmp_path) -> None:
    monkeypatch.setenv("DASHBOARD_DATA_DIR", str(tmp_path))
    ada = a_student(enrolled_days_ago=400)
    creator = a_creator(ada, a_chat(a_question("Why?"), an_answer("So."), student=ada, days_ago=300))
    account = an_account(creator)
    app = opened(account, "settings")
    assert "Nothing is archived." in words(app)
    toggle(app, "Chats").set_value(True).run()
    assert "Chats will be archived, beginning tonight." in words(app)

    archive_old_rows(creator.id, "chat")
    app = opened(account, "settings")
    assert "Archived: 2 messages from 8 May 2025 to 8 May 2025" in words(app)
    assert "This answer is archived; restore it under Settings" in words(opened(account, "student", id=str(ada.id)))
    next(button for button in app.button if button.label == "Restore chats").click().run()

    assert "Restored: 2 messages." in words(app)
    assert toggle(app, "Chats").value is False
    assert archive_old_rows(creator.id, "chat") == 0


def with_a_zone_before(creator: ACreator, was: str) -> None:
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update creators set timezone_was = :was"), {"was": was})


def notices_of(account: UUID) -> str:
    return words(told(account))


def choice(app, label):
    return next(field for field in app.main.selectbox if field.label == label)


def toggle(app, label):
    return next(field for field in app.toggle if field.label == label)


def save(app) -> None:
    next(button for button in app.button if button.label == "Save").click().run()


def a_creator_who_has_students() -> ACreator:
    ada = a_student("Ada Moss")
    return a_creator(ada, a_watch(ada, days_ago=1))
