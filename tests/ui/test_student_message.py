"""The suggested message, and the link that hands it to the mail program."""

from email.message import EmailMessage
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from queries.students.details import StudentDetails
from queries.students.history import Page
from queries.students.reasons import SIGNALS
from queries.students.rows import StudentRow
from queries.students.signals import SignalRow
from tests.typed_rows import a_frame, a_row
from ui.students.message import Message, mail_link, suggested_message
from ui.students.panels import SIGNAL_BADGES


@pytest.mark.parametrize("kind", SIGNALS)
def test_every_signal_has_a_message_and_a_badge(kind):
    message = suggested_message(details(kind, "Loops"), "Mira Vale")

    assert message.subject
    assert message.text.startswith("Hi Ada,\n\n")
    assert message.text.endswith("\n\nBest wishes,\nMira Vale")
    assert kind in SIGNAL_BADGES


def test_the_message_is_about_the_worst_signal_and_names_its_subject():
    message = suggested_message(details("stuck", "Loops"), "Mira Vale")

    assert message.subject == "Can I help with “Loops”?"
    assert "You stopped in the middle of “Loops”." in message.text


def test_without_a_signal_and_without_a_name_it_still_reads_well():
    message = suggested_message(details(None, "", name="  "), "Mira Vale")

    assert message.text.startswith("Hi,\n\nI wanted to ask how the course is going")


@pytest.mark.parametrize(
    "address", [None, "", "no address", "a@b.io?bcc=c@d.io", "a@b.io,c@d.io", "a@b.io\nBcc: c@d.io"]
)
def test_there_is_no_link_without_an_address_that_can_be_written_to(address):
    assert mail_link(address, Message("Hello", "Text")) is None


def test_subject_and_text_arrive_unchanged_and_nothing_else():
    message = Message("50% & more?", "Hi,\n\n#1: “a=b&bcc=c@d.io”")

    link = urlsplit(mail_link("ada+x@example.org", message) or "")

    assert (link.scheme, link.path, link.fragment) == ("mailto", "ada+x@example.org", "")
    assert parse_qs(link.query) == {"subject": [message.subject], "body": [message.text.replace("\n", "\r\n")]}


def test_a_title_with_line_breaks_cannot_start_a_header():
    message = suggested_message(details("stuck", "Loops\r\nBcc: evil@example.org"), "Mira\nVale")

    assert "\n" not in message.subject
    EmailMessage()["Subject"] = message.subject  # raises for a line break
    assert message.text.endswith("Mira Vale")


def test_long_questions_keep_the_link_short():
    link = mail_link("ada@example.org", suggested_message(details("repeating", "why " * 5_000), "Mira Vale"))

    assert link
    assert len(link) < 2_000


def details(kind: str | None, subject: str, name: str = "Ada Moss") -> StudentDetails:
    nothing = pd.DataFrame()
    signals = a_frame(SignalRow, *([{"kind": kind, "subject": subject}] if kind else []))
    return StudentDetails(  # type: ignore[misc]
        a_row(StudentRow, name=name), signals, nothing, Page(nothing, 0), *[nothing] * 4, timeline=Page(nothing, 0)
    )
