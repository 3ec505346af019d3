"""Alerts by email: wanted, new, at most one a day."""

from datetime import timedelta

import pytest

from actions.mail_ledger import claim_next
from actions.preferences import save_preferences
from database.clock import as_of
from mail.alert import ALERTS, queue_due_alerts
from mail.kind import NothingToSay
from mail.message import Mail
from rules.preferences import Preferences
from tests.accounts import a_linked_account
from tests.builders import NOW, a_creator, a_quiz, a_student, an_attempt, an_event
from tests.mailing import mails

pytestmark = pytest.mark.usefixtures("database")

DAY = timedelta(days=1)


def test_new_at_risk_failing_quizzes_and_content_issues_are_told_once():
    creator = a_troubled_creator()

    queue_due_alerts()
    first = written(creator)

    assert isinstance(first, Mail)
    assert first.subject == "New: 1 student newly at risk, 1 quiz that many fail"
    assert "Ada Moss" in first.text
    assert "Away 9 days." in first.text
    assert "100% of 5 attempts failed." in first.html
    with as_of(NOW + DAY):
        assert queue_due_alerts() == 0


def test_two_readers_of_a_day_get_the_same():
    creator = a_troubled_creator(readers=2)
    queue_due_alerts()

    one, other = written(creator), written(creator)

    assert isinstance(one, Mail)
    assert one.subject == other.subject


def test_the_scan_asks_for_one_mail_a_day_however_often_it_runs():
    creator = a_troubled_creator()

    assert [queue_due_alerts() for _ in range(3)] == [1, 0, 0]
    assert len(mails(creator)) == 1


@pytest.mark.parametrize(("hour", "asked"), [(12, 1), (13, 0)])
def test_it_waits_for_the_hour(hour, asked):
    a_troubled_creator(digest_hour=hour)  # it is noon

    assert queue_due_alerts() == asked


@pytest.mark.parametrize(
    "wish",
    [{"is_alert_mail_on": False}, {"alerts_at_risk": False, "alerts_quizzes": False, "alerts_content": False}],
)
def test_who_does_not_want_it_gets_none(wish):
    a_troubled_creator(**wish)

    assert queue_due_alerts() == 0


def test_a_kind_that_is_off_is_left_out():
    creator = a_troubled_creator(alerts_quizzes=False)
    queue_due_alerts()

    assert written(creator).subject == "New: 1 student newly at risk"


def test_switched_off_after_it_was_asked_for_it_is_not_sent():
    creator = a_troubled_creator()
    queue_due_alerts()
    delivery = claim_next(creator.id, ["alert"])
    assert ALERTS.why_not(creator.id, delivery) is None

    save_preferences(a_linked_account(creator), creator.id, Preferences())

    assert ALERTS.why_not(creator.id, delivery) == "Email alerts were turned off."


def test_an_outsider_is_told_nothing_of_it():
    a_troubled_creator()
    outsider = a_creator(name="The Outsider")
    author = a_linked_account(outsider)
    save_preferences(author, outsider.id, Preferences(is_alert_mail_on=True))

    queue_due_alerts()

    assert mails(outsider) == []


def written(creator) -> Mail | NothingToSay:
    return ALERTS.write(creator.id, claim_next(creator.id, ["alert"]))


def a_troubled_creator(readers=1, **wishes):
    """Ada has been away for nine days, and five attempts at a quiz failed."""
    ada, quiz = a_student("Ada Moss"), a_quiz("Loops quiz")
    others = [a_student(f"Student {number}") for number in range(5)]
    creator = a_creator(
        [ada, quiz, *others],
        an_event(ada, days_ago=9),
        [an_attempt(one, quiz, passed=False, days_ago=1) for one in others],
    )
    accounts = [a_linked_account(creator) for _ in range(readers)]
    save_preferences(accounts[0], creator.id, Preferences(**({"is_alert_mail_on": True} | wishes)))
    return creator
