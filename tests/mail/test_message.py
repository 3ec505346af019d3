"""The bytes of an email say what was meant, and nothing that a name or a subject smuggles in."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage, Message
from email.policy import default
from email.utils import getaddresses

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from mail.message import PNG, Attachment, Heading, InlineImage, Mail, UnsafeMail, as_email, one_line

HEADERS = {
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Auto-Submitted",
    "Content-Type",
    "MIME-Version",
}
# Pieces that email programs read as more than text.
SYNTAX = [
    "=?utf-8?q?Hi=0ABcc:_x@evil.io?=",
    "=?utf-8?b?SGkKQmNjOiB4QGV2aWwuaW8=?=",
    "=?utf-8?q?fine?=",
    "=?nonsense?q?x?=",
    "=?",
    "?=",
    "\r\nBcc: x@evil.io",
    "\nTo: x@evil.io",
    "\rSubject: other",
    "\r\n\r\n<b>body</b>",
    "\r\n.\r\nMAIL FROM:<x@evil.io>",
    "\x00",
    "\x0b",
    "\x85",
    "\u2028",
    "\u2029",
    "\u202e",
    "\ufeff",
    '"',
    "\\",
    "<x@evil.io>",
    ", x@evil.io",
    "; x@evil.io",
    "(comment)",
    "x@evil.io:",
    "@",
    "é",
    "漢字",
    "👩‍🏫",
    "a" * 300,
    " " * 80,
]
hostile = st.lists(st.one_of(st.sampled_from(SYNTAX), st.text(max_size=12)), min_size=1, max_size=6).map("".join)


@given(subject=hostile, name=hostile, list_name=hostile)
@example(subject=SYNTAX[0], name=SYNTAX[0], list_name=SYNTAX[0])
def test_headers_and_recipients_equal_the_intent(subject: str, name: str, list_name: str) -> None:
    subject, name, list_name = (one_line(text) or "x" for text in (subject, name, list_name))
    written = as_email(a_mail(subject=subject, from_name=name[:100]), a_heading(list_name=list_name))

    for read in (message_from_bytes(written), message_from_bytes(written, policy=default)):
        assert sorted(read.keys()) == sorted(HEADERS)
        assert [address for _, address in getaddresses(read.get_all("To"))] == ["ada@example.org"]
        assert len(read.get_all("From")) == 1
    said = message_from_bytes(written)
    assert decoded(said, "Subject") == subject
    assert sender_of(said) == (name[:100], "dashboard@example.com")
    assert b"\x00" not in written
    assert written.isascii()
    assert not lone_line_ends(written)


@given(hostile)
@example("=?utf-8?q?Hi=0ABcc:_x@evil.io?=")
def test_a_subject_with_control_characters_is_refused_as_it_stands_and_decoded(text: str) -> None:
    try:
        mail = a_mail(subject=text)
    except UnsafeMail:
        return
    assert not any(ord(letter) < 32 for letter in mail.subject)
    assert not any(ord(letter) < 32 for letter in str(make_header(decode_header(mail.subject))))


@pytest.mark.parametrize(
    "subject",
    ["=?utf-8?q?Hi=0ABcc:_x@evil.io?=", "Hi\nBcc: x@evil.io", "Hi\x00", "=?utf-8?b?AA==?=", "", " ", "a" * 201],
)
def test_what_could_become_a_header_is_refused(subject: str) -> None:
    with pytest.raises(UnsafeMail):
        a_mail(subject=subject)


@given(hostile)
def test_the_text_arrives_as_it_was_written(text: str) -> None:
    body = f"Dear Ada,\n.\n..two\nFrom here\n{one_line(text, 1000)}\n"

    read = message_from_bytes(as_email(a_mail(text=body), a_heading()), policy=default)

    part = read.get_body(("plain",))
    assert isinstance(part, EmailMessage)
    assert part.get_content().replace("\r\n", "\n") == body


def test_a_mail_has_text_html_its_images_and_its_files() -> None:
    mail = a_mail(images=(InlineImage("chart", PNG + b"1"),), attachments=(Attachment("week.pdf", b"%PDF-"),))

    read = message_from_bytes(as_email(mail, a_heading()), policy=default)

    kinds = [part.get_content_type() for part in read.walk() if not part.is_multipart()]
    assert kinds == ["text/plain", "text/html", "image/png", "application/pdf"]
    image = next(part for part in read.walk() if part.get_content_type() == "image/png")
    assert (image["Content-ID"], image.get_content()) == ("<chart>", PNG + b"1")


def test_list_headers_offer_one_click() -> None:
    read = message_from_bytes(as_email(a_mail(), a_heading()), policy=default)

    assert read["List-Unsubscribe"] == "<https://dashboard.example.com/api/unsubscribe?d=1>"
    assert read["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert read["List-Id"].endswith("<digest.example.com>")
    assert read["Auto-Submitted"] == "auto-generated"
    assert read["Message-ID"] == "<1@example.com>"


def test_a_snapshot_is_the_mail() -> None:
    mail = a_mail(images=(InlineImage("chart", PNG),), attachments=(Attachment("week.pdf", b"%PDF-"),))

    assert Mail.of_snapshot(mail.as_snapshot()) == mail


@pytest.mark.parametrize(
    "part",
    [
        lambda: InlineImage("a>b", PNG),
        lambda: InlineImage("chart", b"<svg>"),
        lambda: Attachment('a".pdf', b""),
        lambda: Attachment("../a.pdf", b""),
        lambda: a_mail(reply_to="a@example.org, b@example.org"),
        lambda: a_mail(text=" "),
        lambda: a_mail(html=""),
    ],
)
def test_parts_that_cannot_be_sent_are_refused(part) -> None:
    with pytest.raises(UnsafeMail):
        part()


def decoded(read: Message, header: str) -> str:
    return str(make_header(decode_header(read[header])))


def sender_of(read: Message) -> tuple[str, str]:
    ((name, address),) = getaddresses([read["From"].replace("\r\n", "")])
    return str(make_header(decode_header(name))), address


def lone_line_ends(written: bytes) -> bool:
    rest = written.replace(b"\r\n", b"")
    return b"\r" in rest or b"\n" in rest


def a_mail(**changed) -> Mail:
    return Mail(**({"subject": "Your week", "text": "Good week.\n", "html": "<p>Good week.</p>"} | changed))


def a_heading(**changed) -> Heading:
    usual = {
        "from_name": "Creator Dashboard",
        "from_address": "dashboard@example.com",
        "recipient": "ada@example.org",
        "message_id": "<1@example.com>",
        "written_at": datetime(2026, 3, 2, 8, tzinfo=UTC),
        "list_name": "Weekly digest",
        "list_id": "digest.example.com",
        "unsubscribe_url": "https://dashboard.example.com/api/unsubscribe?d=1",
    }
    return Heading(**(usual | changed))
