"""Emails by what they were sent with."""

from datetime import date
from uuid import uuid4

import pytest

from actions.mails import MailKey, MailToSend, queue_mails
from database.accounts import NotStaff
from database.clock import now
from database.tenancy import tenant_tx
from queries.mails.deliveries import DeliveryFilters, deliveries
from queries.mails.mailings import all_mailings, mailings
from tests.accounts import a_linked_account
from tests.builders import a_creator
from tests.mailing import change_mail

pytestmark = pytest.mark.usefixtures("shared_database")

FIRST, SECOND = date(2026, 2, 23), date(2026, 3, 2)


def test_an_announcement_is_one_mailing_whatever_its_days_and_a_digest_one_per_week():
    creator, announcement_id = a_creator(), str(uuid4())
    queued(creator, ("announcement", FIRST, announcement_id), ("announcement", SECOND, announcement_id))
    queued(
        creator, ("digest", FIRST, ""), ("digest", SECOND, ""), ("invitation", SECOND, "a"), ("invitation", SECOND, "b")
    )

    found = mailings(creator.id, DeliveryFilters())

    assert sorted(zip(found["kind"], found["mailing"], found["mails"], strict=True)) == [
        ("announcement", announcement_id, 2),
        ("digest", str(FIRST), 1),
        ("digest", str(SECOND), 1),
        ("invitation", str(SECOND), 2),
    ]


def test_mailings_with_failures_come_first_then_those_that_wait():
    creator = a_creator()
    queued(creator, ("digest", SECOND, ""), ("alert", SECOND, ""), ("invitation", SECOND, "a"), ("plain", SECOND, ""))
    change_mail(creator, "state = 'sent', sent_at = dashboard_now() where kind = 'digest'")
    change_mail(creator, "state = 'unknown' where kind = 'alert'")
    change_mail(creator, "state = 'failed', updated_at = updated_at + interval '1 hour' where kind = 'invitation'")

    found = mailings(creator.id, DeliveryFilters())

    assert found["kind"].tolist() == ["invitation", "alert", "plain", "digest"]
    assert found[["failed", "unknown", "waiting", "sent"]].to_numpy().tolist() == [
        [1, 0, 0, 0],
        [0, 1, 0, 0],
        [0, 0, 1, 0],
        [0, 0, 0, 1],
    ]


def test_the_emails_of_a_mailing_are_those_that_it_counts():
    creator = a_creator()
    queued(creator, ("digest", FIRST, ""), ("digest", SECOND, ""), ("alert", SECOND, ""))

    found = deliveries(creator.id, DeliveryFilters(kind="digest", mailing=str(SECOND)))

    assert found[["kind", "period_start"]].to_numpy().tolist() == [["digest", SECOND]]


def test_an_outsider_sees_no_mailing_and_only_staff_see_all_without_their_subjects():
    creator, outsider = a_creator(), a_creator()
    queued(creator, ("digest", SECOND, ""))

    assert mailings(outsider.id, DeliveryFilters()).empty
    with pytest.raises(NotStaff):
        all_mailings(a_linked_account(creator).id)
    every = all_mailings(a_linked_account(None).id)
    assert "subject" not in every
    assert "recipient" not in every


def queued(creator, *asked):
    mails = [
        MailToSend(MailKey(kind, f"{number}@example.org", day, about), now())
        for number, (kind, day, about) in enumerate(asked)
    ]
    with tenant_tx(creator.id) as connection:
        queue_mails(connection, creator.id, mails)
