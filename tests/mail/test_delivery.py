"""An email is sent once, to people who still want it, and the ledger says what became of it."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from email import message_from_bytes
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import text

from actions import mail_ledger
from actions.mail_ledger import begin_sending, claim_next, note_sent, store_written
from actions.mail_suppressions import suppress
from actions.mails import MailKey, cancel_mails, send_again
from database.accounts import NotStaff
from database.clock import now
from database.tenancy import platform_tx, tenant_tx
from mail.delivery import send_due
from mail.folder import FolderTransport
from mail.kind import NothingToSay
from mail.message import Mail
from mail.return_address import returned_delivery
from mail.transport import Envelope, Outcome
from queries.staff import audit_log
from rules.errors import InputError
from tests.builders import ACreator, a_creator, a_student, change
from tests.mail_servers import a_mail_server
from tests.mailing import MONDAY, PLAIN, a_sender, ask_for_mail, change_mail, mails, plain_mail, states
from tests.pages.opened import an_account

pytestmark = pytest.mark.usefixtures("database")


class Accepting:
    """Accepts everything; `before_the_end` is called when only the end of an email is missing."""

    def __init__(self, before_the_end: Callable[[], object] = lambda: None, outcome: str = "accepted") -> None:
        self.taken: list[Envelope] = []
        self._before_the_end, self._outcome = before_the_end, outcome

    def hand_over(self, envelope: Envelope, may_complete: Callable[[], bool]) -> Outcome:
        self._before_the_end()
        if not may_complete():
            return Outcome("withdrawn")
        self.taken.append(envelope)
        return Outcome(self._outcome, "said so", "250 taken")

    def close(self) -> None:
        pass


def test_a_mail_goes_out_as_it_was_written_and_is_kept() -> None:
    creator = a_creator()
    ask_for_mail(creator)

    with a_mail_server() as server:
        sender = a_sender(server.port)
        send_due(sender)
        sender.transport.close()

    ((taken,), (row,)) = (server.taken, mails(creator))
    read = message_from_bytes(taken.content)
    assert (row["state"], row["subject"], row["smtp_reply"]) == ("sent", "Your week", "250 taken as 1")
    assert row["snapshot"]["text"] == "For ada@example.org, about 2026-03-02."
    assert taken.recipients == ["ada@example.org"]
    assert returned_delivery(taken.sender) == row["id"]
    assert read["Message-ID"] == row["message_id"]
    assert read["Subject"] == "Your week"
    assert str(row["id"]) in read["List-Unsubscribe"]


def test_the_key_decides_what_is_the_same_mail() -> None:
    creator, other = a_creator(), a_creator()

    asked = [
        ask_for_mail(creator),
        ask_for_mail(creator),
        ask_for_mail(creator, "ADA@example.org"),
        ask_for_mail(creator, about="another"),
        ask_for_mail(creator, kind="other"),
        ask_for_mail(other),
    ]

    assert asked == [True, False, False, True, True, True]


@pytest.mark.parametrize(
    "address", ["", "ada", "a@b", "a b@c.org", "a@c.org, b@c.org", "<a@c.org>", "a@c.org\nBcc: x@c.org", "ä@c.org"]
)
def test_what_is_no_address_is_refused_when_it_is_asked_for(address: str) -> None:
    with pytest.raises(InputError, match="is not a valid email address"):
        MailKey("plain", address, MONDAY)


def test_a_mail_is_written_once_and_a_retry_sends_the_stored_one(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)
    written = []
    kind = replace(PLAIN, write=lambda *about: written.append(1) or plain_mail(*about))
    send_due(a_sender(Accepting(outcome="deferred"), kind))

    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(minutes=2)).isoformat())
    transport = Accepting()
    send_due(a_sender(transport, kind))

    assert (len(written), len(transport.taken), states(creator)) == (1, 1, ["sent"])
    assert mails(creator)[0]["written_at"] < now()


def test_a_mail_is_not_sent_before_it_is_due() -> None:
    creator = a_creator()
    ask_for_mail(creator, due_at=now() + timedelta(seconds=1))
    transport = Accepting()

    send_due(a_sender(transport))

    assert (transport.taken, states(creator)) == ([], ["pending"])


def test_nothing_to_say_is_not_sent_and_the_log_says_why() -> None:
    creator = a_creator()
    ask_for_mail(creator)
    kind = replace(PLAIN, write=lambda *_: NothingToSay("Nobody was there this week."))

    send_due(a_sender(Accepting(), kind))

    assert [(mail["state"], mail["reason"]) for mail in mails(creator)] == [("skipped", "Nobody was there this week.")]


def test_another_kind_is_left_alone() -> None:
    creator = a_creator()
    ask_for_mail(creator, kind="of_a_later_version")

    send_due(a_sender(Accepting()))

    assert states(creator) == ["pending"]


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("tier", "The creator does not have the ENTERPRISE tier."),
        ("gone", "The student has left the course."),
        ("bounced", "Earlier email to this address bounced."),
        ("unsubscribed", "The recipient has unsubscribed."),
        ("late", "It would have come too late to be of use."),
        ("own", "Switched off."),
    ],
)
def test_what_changed_since_it_was_asked_for_is_respected(what: str, reason: str) -> None:
    ada = a_student()
    creator = a_creator(ada)
    ask_for_mail(creator, "Ada@Example.org", student_id=ada.id, not_after=now() + timedelta(hours=1))
    why_not = {"own": lambda *_: "Switched off."}.get(what, PLAIN.why_not)
    happen(what, creator, ada)
    transport = Accepting()

    send_due(a_sender(transport, replace(PLAIN, why_not=why_not)))

    assert transport.taken == []
    assert [(mail["state"], mail["reason"]) for mail in mails(creator)] == [("skipped", reason)]


def test_who_unsubscribes_while_the_mail_is_on_its_way_does_not_get_it() -> None:
    creator = a_creator()
    ask_for_mail(creator)
    transport = Accepting(before_the_end=lambda: happen("unsubscribed", creator))

    send_due(a_sender(transport))

    assert transport.taken == []
    assert mails(creator)[0]["reason"] == "The recipient has unsubscribed."


def test_a_mail_that_is_called_off_while_it_is_on_its_way_does_not_arrive() -> None:
    creator = a_creator()
    ask_for_mail(creator, about="announcement")
    ask_for_mail(creator, about="another")

    def cancel() -> None:
        with tenant_tx(creator.id) as connection:
            cancel_mails(connection, creator.id, "plain", "announcement")

    transport = Accepting(before_the_end=cancel)
    send_due(a_sender(transport))

    assert len(transport.taken) == 1
    assert {mail["about"]: mail["state"] for mail in mails(creator)} == {"announcement": "cancelled", "another": "sent"}


def test_a_worker_that_was_too_slow_finds_that_the_mail_is_no_longer_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    def be_slow() -> None:
        monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(hours=1)).isoformat())
        send_due(a_sender(other_transport))

    slow_transport, other_transport = Accepting(before_the_end=be_slow), Accepting()
    send_due(a_sender(slow_transport))

    assert (len(slow_transport.taken), len(other_transport.taken)) == (0, 1)
    assert states(creator) == ["sent"]


def test_a_claim_that_another_worker_took_over_is_worth_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)
    first = claim_next(creator.id, ["plain"])
    assert first
    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(hours=1)).isoformat())
    mail_ledger.release_abandoned(creator.id)
    second = claim_next(creator.id, ["plain"])
    assert second
    snapshot = plain_mail(creator.id, second).as_snapshot()

    as_first = [
        store_written(first, snapshot, "<1@example.com>", now()),
        store_written(second, snapshot, "<1@example.com>", now()) and begin_sending(first),
        mail_ledger.note_failed(first, "Refused."),
        note_sent(first, "250 taken"),
    ]

    assert as_first == [False, False, False, False]
    assert begin_sending(second)


def test_a_worker_that_dies_before_the_end_has_sent_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)
    claim_next(creator.id, ["plain"])

    send_due(a_sender(transport := Accepting()))
    within_the_lease = states(creator)
    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(seconds=mail_ledger.LEASE_SECONDS)).isoformat())
    send_due(a_sender(transport))

    assert (within_the_lease, states(creator), len(transport.taken)) == (["claimed"], ["sent"], 1)


def test_a_worker_that_dies_while_the_server_takes_the_mail_leaves_it_unknown(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    delivery = one_being_sent(creator)

    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(days=30)).isoformat())
    send_due(a_sender(transport := Accepting()))

    assert (states(creator), transport.taken) == (["unknown"], [])
    assert "may have arrived" in mails(creator)[0]["reason"]
    assert note_sent(delivery, "250 taken after all")  # the worker was slow, not dead
    assert states(creator) == ["sent"]


def test_should_the_ledger_fail_after_the_mail_was_taken_it_is_not_sent_again(monkeypatch: pytest.MonkeyPatch) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    def fail(*_about: object) -> bool:
        raise ConnectionError("the database is gone")

    transport = Accepting()
    with monkeypatch.context() as patch:
        patch.setattr(mail_ledger, "note_sent", fail)
        send_due(a_sender(transport))
    monkeypatch.setenv("DASHBOARD_NOW", (now() + timedelta(days=30)).isoformat())
    send_due(a_sender(transport))

    assert (len(transport.taken), states(creator)) == (1, ["unknown"])


def test_a_mail_that_cannot_be_written_does_not_hold_up_other_creators() -> None:
    unlucky, other = a_creator(name="First"), a_creator(name="Second")
    ask_for_mail(unlucky, due_at=now() - timedelta(minutes=1))
    ask_for_mail(other)

    def write(creator_id: UUID, delivery: object) -> Mail:
        if creator_id == unlucky.id:
            raise ZeroDivisionError("Ada Moss")
        return plain_mail(creator_id, delivery)

    send_due(a_sender(transport := Accepting(), replace(PLAIN, write=write)))

    assert (states(unlucky), states(other), len(transport.taken)) == (["pending"], ["sent"], 1)
    assert mails(unlucky)[0]["reason"] == "The email could not be written (ZeroDivisionError)."


def test_workers_at_once_send_each_mail_once() -> None:
    creators = [a_creator(name=f"Creator {number}") for number in range(3)]
    for creator in creators:
        for number in range(20):
            ask_for_mail(creator, f"a{number}@example.org")
    transports = [Accepting() for _ in range(6)]

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda transport: send_due(a_sender(transport)), transports))

    sent = [envelope.name for transport in transports for envelope in transport.taken]
    assert len(sent) == len(set(sent)) == 60
    assert {state for creator in creators for state in states(creator)} == {"sent"}


def test_creators_take_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    many, few = a_creator(name="Many"), a_creator(name="Few")
    for number in range(60):
        ask_for_mail(many, f"a{number}@example.org", due_at=now() - timedelta(hours=1))
    ask_for_mail(few, "few@example.org")

    send_due(a_sender(transport := Accepting()))

    order = [envelope.recipient for envelope in transport.taken]
    assert len(order) == 61
    assert order.index("few@example.org") == 25


def test_a_run_ends_when_its_time_is_over() -> None:
    creator = a_creator()
    ask_for_mail(creator)

    send_due(a_sender(transport := Accepting()), limit_seconds=-1)

    assert (transport.taken, states(creator)) == ([], ["pending"])


def test_staff_send_a_mail_of_unknown_fate_once_more_and_the_log_says_so() -> None:
    creator = a_creator(name="Amy First")
    delivery = one_being_sent(creator)
    change_mail(creator, "state = 'unknown', claimed_until = null")
    staff = an_account(None, name="Sam Staff")

    send_again(staff, creator.id, delivery.id)
    send_due(a_sender(transport := Accepting()))

    assert (states(creator), len(transport.taken)) == (["sent"], 1)
    assert not note_sent(delivery, "250 the first worker, late")
    noted = audit_log(staff)
    assert ("Sam Staff", "mail sent again", "Amy First") in zip(noted.who, noted.action, noted.creator, strict=True)


@pytest.mark.parametrize("state", ["sent", "pending", "skipped", "cancelled"])
def test_only_what_failed_or_is_unknown_is_sent_again(state: str) -> None:
    creator = a_creator()
    ask_for_mail(creator)
    change_mail(creator, f"state = '{state}'")

    with pytest.raises(InputError, match="can be sent again"):
        send_again(an_account(None), creator.id, mails(creator)[0]["id"])


def test_nobody_but_staff_sends_again() -> None:
    creator = a_creator()
    ask_for_mail(creator)
    change_mail(creator, "state = 'failed'")

    with pytest.raises(NotStaff):
        send_again(an_account(creator), creator.id, mails(creator)[0]["id"])

    assert states(creator) == ["failed"]


def test_an_outsider_claims_and_changes_nothing() -> None:
    creator, outsider = a_creator(), a_creator()
    ask_for_mail(creator)

    with tenant_tx(outsider.id) as connection:
        cancelled = cancel_mails(connection, creator.id, "plain", "")

    assert claim_next(outsider.id, ["plain"]) is None
    assert (cancelled, states(creator)) == (0, ["pending"])


def test_without_a_mail_server_each_mail_is_a_whole_file(tmp_path: Path) -> None:
    creator = a_creator()
    ask_for_mail(creator)

    send_due(a_sender(FolderTransport(tmp_path / "mail")))

    (path,) = (tmp_path / "mail").iterdir()
    assert path.suffix == ".eml"
    assert message_from_bytes(path.read_bytes())["To"] == "ada@example.org"
    assert states(creator) == ["sent"]


def test_a_folder_that_cannot_be_written_holds_the_mail(tmp_path: Path) -> None:
    creator = a_creator()
    ask_for_mail(creator)
    (tmp_path / "mail").write_text("a file in the folder's place")

    send_due(a_sender(FolderTransport(tmp_path / "mail")))

    assert states(creator) == ["pending"]


def one_being_sent(creator: ACreator) -> mail_ledger.Delivery:
    """As a worker that dies at the worst moment leaves it."""
    ask_for_mail(creator)
    delivery = claim_next(creator.id, ["plain"])
    assert delivery
    assert store_written(delivery, plain_mail(creator.id, delivery).as_snapshot(), "<1@example.com>", now())
    assert begin_sending(delivery)
    return delivery


def happen(what: str, creator: ACreator, student: object = None) -> None:
    if what in ("bounced", "unsubscribed"):
        with tenant_tx(creator.id) as connection:
            suppress(connection, creator.id, "ada@example.org", what, "every" if what == "bounced" else "plain")
    elif what == "tier":
        with platform_tx() as connection:
            connection.execute(text("update creators set subscription_tier = 'pro' where id = :id"), {"id": creator.id})
    elif what == "gone":
        change(creator, student, deleted_at=now())
    elif what == "late":
        change_mail(creator, "not_after = due_at - interval '1 second'")
