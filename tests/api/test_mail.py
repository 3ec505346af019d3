"""Unsubscribing needs no login; bounced email is believed only with a return address that we signed."""

from email.message import EmailMessage
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st

from api.app import api
from mail.bounces import bounce_in_report
from mail.return_address import return_address, returned_delivery
from mail.unsubscribe_link import unsubscribe_url
from tests.builders import ACreator, a_creator
from tests.mailing import ask_for_mail, change_mail, mails, states, suppressions

pytestmark = pytest.mark.usefixtures("database")


def test_the_link_asks_first_and_changes_nothing() -> None:
    creator, link = a_mail_sent()

    answer = client().get(link)

    assert answer.status_code == 200
    assert "Mira Vale" in answer.text
    assert "<script" not in answer.text
    assert "http" not in answer.text.replace("http-equiv", "")
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    assert suppressions(creator) == []


def test_one_click_takes_the_reader_off_the_list_without_a_cookie() -> None:
    creator, link = a_mail_sent()

    answer = client().post(link, data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers
    assert suppressions(creator) == [("ada@example.org", "plain", "unsubscribed")]


def test_the_buttons_of_the_page_work_and_can_be_taken_back() -> None:
    creator, link = a_mail_sent()

    left = client().post(link, data={"scope": "every"})
    after_leaving = suppressions(creator)
    back = client().post(link.replace("/unsubscribe", "/resubscribe"))

    assert "You will no longer get mail from" in left.text
    assert after_leaving == [("ada@example.org", "every", "unsubscribed")]
    assert "subscribed again" in back.text
    assert suppressions(creator) == []


def test_twice_is_once() -> None:
    creator, link = a_mail_sent()

    answers = [client().post(link).status_code for _ in range(2)]

    assert answers == [200, 200]
    assert len(suppressions(creator)) == 1


@pytest.mark.parametrize("changed", ["c", "d", "s"])
def test_a_link_that_we_did_not_sign_changes_nothing(changed: str) -> None:
    creator, link = a_mail_sent()
    other, other_link = a_mail_sent()
    forged = link.replace(parse_qs(urlsplit(link).query)[changed][0], parse_qs(urlsplit(other_link).query)[changed][0])

    for answer in (client().get(forged), client().post(forged), client().post("/unsubscribe?c=x&d=y&s=%00")):
        assert answer.status_code == 404
        assert "This link does not work" in answer.text
    assert suppressions(creator) == suppressions(other) == []


def test_a_creators_name_is_text_on_the_page() -> None:
    _, link = a_mail_sent(name="<script>alert(1)</script>{x}")

    answer = client().get(link)

    assert "&lt;script&gt;alert(1)&lt;/script&gt;{x}" in answer.text
    assert "<script>" not in answer.text


def test_a_mail_that_came_back_is_failed_and_its_address_on_the_list() -> None:
    creator, _ = a_mail_sent()

    answer = client().post("/mail/bounce", json=a_notice(creator, "bounced", "5.1.1"))

    assert answer.status_code == 204
    assert states(creator) == ["failed"]
    assert suppressions(creator) == [("ada@example.org", "every", "bounced")]


def test_a_full_mailbox_is_no_dead_address() -> None:
    creator, _ = a_mail_sent()

    client().post("/mail/bounce", json=a_notice(creator, "bounced", "5.2.2"))

    assert (states(creator), suppressions(creator)) == (["failed"], [])


def test_a_complaint_ends_all_mail_to_the_reader() -> None:
    creator, _ = a_mail_sent()

    client().post("/mail/bounce", json=a_notice(creator, "complained", ""))

    assert (states(creator), suppressions(creator)) == (["sent"], [("ada@example.org", "every", "complained")])


def test_a_report_of_a_mail_server_is_understood() -> None:
    creator, _ = a_mail_sent()

    answer = client().post(
        "/mail/bounce", content=a_report(creator, "failed", "5.1.1"), headers={"content-type": "message/rfc822"}
    )

    assert answer.status_code == 204
    assert suppressions(creator) == [("ada@example.org", "every", "bounced")]


@pytest.mark.parametrize(("action", "status"), [("delayed", "4.4.1"), ("delivered", "2.0.0"), ("failed", "4.4.7")])
def test_a_delay_is_no_bounce(action: str, status: str) -> None:
    creator, _ = a_mail_sent()

    answer = client().post("/mail/bounce", content=a_report(creator, action, status))

    assert answer.status_code == 400
    assert (states(creator), suppressions(creator)) == (["sent"], [])


def test_a_holiday_note_is_no_bounce() -> None:
    creator, _ = a_mail_sent()
    note = EmailMessage()
    note["To"] = address_of(creator)
    note.set_content("I am away until Monday. 5.1.1 failed")

    assert client().post("/mail/bounce", content=note.as_bytes()).status_code == 400
    assert suppressions(creator) == []


@pytest.mark.parametrize("tampered", ["flip", "other", "none"])
def test_a_return_address_that_we_did_not_make_is_not_believed(tampered: str) -> None:
    creator, _ = a_mail_sent()
    address = address_of(creator)
    forged = {
        "flip": address.replace(address[-13], "a" if address[-13] != "a" else "b"),
        "other": return_address("bounces@example.com", uuid4())[:34] + address[34:],
        "none": "bounces@example.com",
    }[tampered]

    answer = client().post("/mail/bounce", json=a_notice(creator, "bounced", "5.1.1") | {"return_address": forged})

    assert answer.status_code == 400
    assert suppressions(creator) == []


def test_a_report_that_is_too_long_is_refused() -> None:
    assert client().post("/mail/bounce", content=b"x" * 1_000_001).status_code == 413


def test_a_notice_that_says_something_else_is_refused() -> None:
    assert client().post("/mail/bounce", json={"kind": "bounced"}).status_code == 422


@given(st.uuids())
def test_a_return_address_survives_a_server_that_folds_case(delivery_id: Any) -> None:
    address = return_address("bounces@example.com", delivery_id)

    assert len(address.partition("@")[0]) <= 64
    assert returned_delivery(address.upper()) == delivery_id


@given(st.binary(max_size=300))
def test_whatever_is_sent_as_a_report_is_read_without_an_error(report: bytes) -> None:
    assert bounce_in_report(report) is None
    assert bounce_in_report(b"Content-Type: multipart/report; boundary=b\r\nTo: " + report) is None


def a_mail_sent(name: str = "Mira Vale") -> tuple[ACreator, str]:
    """Its creator, and the link that its reader has, as a path below /api."""
    creator = a_creator(name=name)
    ask_for_mail(creator)
    change_mail(creator, "state = 'sent', sent_at = dashboard_now()")
    link = urlsplit(unsubscribe_url(creator.id, mails(creator)[0]["id"]))
    return creator, f"{link.path.removeprefix('/api')}?{link.query}"


def address_of(creator: ACreator) -> str:
    return return_address("bounces@example.com", mails(creator)[0]["id"])


def a_notice(creator: ACreator, kind: str, status: str) -> dict[str, str]:
    return {"return_address": address_of(creator), "kind": kind, "status": status}


def a_report(creator: ACreator, action: str, status: str) -> bytes:
    """As a mail server sends it, RFC 3464."""
    return (
        f"From: MAILER-DAEMON@example.org\r\nTo: <{address_of(creator)}>\r\nSubject: Undelivered\r\n"
        "MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ada@example.org\r\nAction: {action}\r\nStatus: {status}\r\n\r\n"
        "--b--\r\n"
    ).encode()


def client() -> TestClient:
    return TestClient(api, follow_redirects=False)
