"""The mail log: a creator's own mails, all creators' for staff, and what staff may do about them."""

from urllib.parse import parse_qsl

import pytest
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from actions.mail_suppressions import suppress
from database.tenancy import tenant_tx
from queries.staff import audit_log
from tests.builders import ACreator, a_creator
from tests.mailing import MONDAY, ask_for_mail, change_mail, states
from tests.pages.opened import an_account, opened, words
from tests.pages.shown_tables import table, tables
from ui.mails.mailings import MAILINGS_OF_ALL
from ui.shared.text import APART

REPLY = "250 2.0.0 queued for ada"
MAILING = {"kind_of_mailing": "plain", "mailing": str(MONDAY)}


def test_a_creator_sees_what_became_of_each_mail() -> None:
    creator = a_creator_with_a_mail("sent", smtp_reply=REPLY)

    app = opened(an_account(creator), "delivery", **MAILING)

    said = words(app)
    assert not app.exception
    assert "**1** email was sent in the last 30 days." in said
    assert "1 email: sent" in said
    assert "ada@example.org" in said
    assert REPLY in said


def test_what_failed_and_what_is_unknown_come_first_with_the_reason() -> None:
    creator = a_creator_with_a_mail("failed", reason="The mail server refused the email.")
    ask_for_mail(creator, "ben@example.org")

    app = opened(an_account(creator), "delivery", **MAILING)

    said = words(app)
    assert "**1** failed; **1** waits." in said
    assert ":red-badge[Failed] **Plain** to ada@" in said.replace("\\", "").replace(APART, "")
    assert "The mail server refused the email" in said.replace("\\", "")
    assert table(app).column("Recipient") == ["ada@example.org", "ben@example.org"]


def test_a_mail_without_a_reply_stands_beside_one_with_a_reply() -> None:
    creator = a_creator_with_a_mail("failed", reason="Refused.", smtp_reply="550 no")
    ask_for_mail(creator, "ben@example.org")
    with tenant_tx(creator.id) as connection:
        connection.execute(text("update mail_deliveries set state = 'unknown' where recipient like 'ben%'"))

    app = opened(an_account(creator), "delivery", **MAILING)

    assert not app.exception
    assert table(app).column("Mail server") == [None, "550 no"]


def test_a_mail_that_waits_says_when_it_is_tried_again() -> None:
    creator = a_creator(timezone="Asia/Kolkata")
    ask_for_mail(creator)

    app = opened(an_account(creator), "delivery", **MAILING)

    assert table(app).column("Why") == ["Next attempt: 4 Mar 2026, 17:30."]


def test_a_creator_is_offered_no_second_sending() -> None:
    creator = a_creator_with_a_mail("unknown", reason="It may have arrived.")

    app = opened(an_account(creator), "delivery")

    assert "It may have arrived" in words(app).replace("\\", "")
    assert not [button for button in app.main.button if button.label == "Send the email again"]


@pytest.mark.parametrize(
    ("group", "shown"),
    [
        ("attention", ["1 email: failed"]),
        ("waiting", ["1 email: waiting"]),
        ("sent", []),
        ("nonsense", ["2 emails: 1 failed, 1 waiting"]),
    ],
)
def test_the_address_filters_by_state(group: str, shown: list[str]) -> None:
    creator = a_creator_with_a_mail("failed", reason="Refused.")
    ask_for_mail(creator, "ben@example.org")

    app = opened(an_account(creator), "delivery", state=group)

    assert not app.exception
    assert [state for one in tables(app) for state in one.column("State")] == shown
    assert ("No emails match these filters." in words(app)) == (shown == [])


def test_emails_are_grouped_by_mailing_those_with_failures_first_and_one_opens() -> None:
    creator = a_creator_with_a_mail("failed", reason="Refused.")
    ask_for_mail(creator, "ben@example.org", kind="other")
    account = an_account(creator)
    app = opened(account, "delivery")
    assert table(app).column("State") == ["1 email: failed", "1 email: waiting"]

    app = opened(account, "delivery", **dict(parse_qsl(str(table(app).links[1]).partition("?")[2])))

    assert not app.exception
    assert table(app).column("Recipient") == ["ben@example.org"]
    assert "None" not in words(app)


@pytest.mark.parametrize(
    ("typed", "found"), [("org ad", ["ada@example.org"]), ("BEN", ["ben@example.org"]), ("da", [])]
)
def test_a_recipient_is_found_by_the_beginnings_of_words_in_any_order(typed: str, found: list[str]) -> None:
    creator = a_creator_with_a_mail("failed")
    ask_for_mail(creator, "ben@example.org")

    app = opened(an_account(creator), "delivery", recipient=typed)

    assert [one for shown in tables(app) for one in shown.column("Recipient")] == found


def test_an_empty_log_says_what_to_do() -> None:
    app = opened(an_account(a_creator()), "delivery")

    assert "No emails have been sent yet." in words(app)


def test_addresses_that_get_no_mail_are_listed() -> None:
    creator = a_creator()
    with tenant_tx(creator.id) as connection:
        suppress(connection, creator.id, "ada@example.org", "bounced")

    app = opened(an_account(creator), "delivery")

    assert [table(app).column(title) for title in ("Address", "No longer gets", "Why")] == [
        ["ada@example.org"],
        ["All email"],
        ["Bounced"],
    ]


def test_staff_see_the_mails_of_all_creators_without_recipients() -> None:
    a_creator_with_a_mail("sent", name="Amy First")
    a_creator_with_a_mail("unknown", name="Zoe Second", reason="It may have arrived.")

    app = opened(an_account(None), "delivery")

    log = table(app, MAILINGS_OF_ALL.key)
    assert not app.exception
    assert log.column("Creator") == ["Zoe Second", "Amy First"]
    assert "Recipient" not in log.titles
    assert "of Zoe Second" in words(app)


def test_staff_send_a_mail_again_and_the_audit_log_says_so() -> None:
    creator = a_creator_with_a_mail("unknown", name="Amy First", reason="It may have arrived.")
    staff = an_account(None, name="Sam Staff")
    app = opened(staff, "delivery")

    buttons = [button for button in app.main.button if button.label == "Send the email again"]
    buttons[0].click().run()

    noted = audit_log(staff)
    assert len(buttons) == 2  # among all creators' mails, and among this creator's
    assert not app.exception
    assert states(creator) == ["pending"]
    assert "The email will be sent within about a minute" in words(app)
    assert "mail sent again" in list(noted.action)


def test_staff_without_any_creator_see_an_empty_log() -> None:
    app = opened(an_account(None), "delivery")

    assert not app.exception
    assert "No creator has sent an email yet." in words(app)


def test_an_outsider_sees_nothing_of_it_even_after_the_owner_looked() -> None:
    owner = a_creator_with_a_mail("failed", name="The Owner", smtp_reply=REPLY, reason="Refused.")
    outsider = a_creator_with_a_mail("sent", recipient="zed@example.org", name="The Outsider")
    seen_by_owner = opened(an_account(owner), "delivery")

    app = opened(an_account(outsider), "delivery")

    assert "ada@example.org" in everything(seen_by_owner)
    for secret in ("ada@", "queued for ada", "The Owner", "Refused"):
        assert secret not in everything(app)


def test_nobody_sees_it_signed_out_and_the_gate_holds() -> None:
    lesser = a_creator_with_a_mail("sent", subscription_tier="pro")

    for app in (opened(None), opened(an_account(lesser))):
        app.query_params["state"] = "all"
        assert "ada@example.org" not in everything(app)


def everything(app: AppTest) -> str:
    return words(app).replace("\\", "").replace(APART, "")


def a_creator_with_a_mail(state: str, recipient: str = "ada@example.org", **values: str) -> ACreator:
    columns = {name: values.pop(name) for name in ("reason", "smtp_reply") if name in values}
    creator = a_creator(**values)
    ask_for_mail(creator, recipient)
    told = "".join(f", {column} = '{value}'" for column, value in columns.items())
    change_mail(creator, f"state = '{state}', attempts = 1, snapshot = '{{}}', subject = 'Your week'{told}")
    return creator
