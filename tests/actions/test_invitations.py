"""Invitations: sorted, sent once, accepted once."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

from actions.courses import add_course
from actions.invitation_changes import invite_again, withdraw
from actions.invitation_list import REASONS, Refused, invitation_list
from actions.invitations import VALID_FOR, accept, invitation, invite
from actions.mail_ledger import claim_next
from actions.mail_suppressions import suppress
from database.clock import as_of, now
from database.levels import at_level
from database.tenancy import platform_tx, tenant_tx
from mail.invitation import INVITATIONS
from mail.kind import NothingToSay
from mail.message import Mail
from queries.courses.known import courses, level_of
from queries.mails.invitations import invitations
from queries.overview.headline import overview_stats
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student
from tests.mailing import mails
from tests.oracle import rows_of

pytestmark = pytest.mark.usefixtures("shared_database")


def test_what_is_pasted_is_sorted_each_address_once():
    creator = a_creator(a_student(email="Ada@example.org"))
    invite(a_linked_account(creator), creator.id, ["waiting@example.org"], "UTC")

    found = invitation_list(
        creator.id,
        'Name;Email\n"Bo Lind" <bo@example.org>; BO@example.org, ada@EXAMPLE.org\nwaiting@example.org x@@y.de @ ü@x.de',
    )

    assert found.addresses == ("bo@example.org",)
    assert {refused.address: refused.why.split(".")[0] for refused in found.refused} == {
        "BO@example.org": "It is on the list twice; it gets one invitation",
        "ada@EXAMPLE.org": "Already a student",
        "waiting@example.org": "Already invited, and has not answered",
        "x@@y.de": "The part after the @-sign contains invalid characters: '@'",
        "@": "There must be something before the @-sign",
        "ü@x.de": "Only its domain may have international letters; before the @ write plain ones (ASCII)",
    }


def test_international_domains_are_invited_and_a_dot_at_the_end_is_none():
    creator = a_creator(a_student(email="Ada@b\u00fccher.example"))
    author = a_linked_account(creator)

    found = invitation_list(creator.id, "bo@b\u00fccher.example., bo@xn--bcher-kva.example, ada@xn--bcher-kva.example")
    invite(author, creator.id, found.addresses, "UTC")

    assert found.addresses == ("bo@b\u00fccher.example",)
    assert [refused.why.split(".")[0] for refused in found.refused] == [
        "It is on the list twice; it gets one invitation",
        "Already a student",
    ]
    assert [row["recipient"] for row in mails(creator)] == ["bo@xn--bcher-kva.example"]
    assert accept(creator.id, rows_of(creator.id, "invitations")[0]["id"], "Bo")


def test_an_address_that_gets_no_invitations_is_skipped_with_the_reason():
    creator = a_creator()
    with tenant_tx(creator.id) as connection:
        suppress(connection, creator.id, "bo@example.org", "unsubscribed", "invitation")
        suppress(connection, creator.id, "cy@example.org", "bounced")
        suppress(connection, creator.id, "di@example.org", "unsubscribed", "digest")

    found = invitation_list(creator.id, "bo@example.org cy@example.org di@example.org")

    assert found.addresses == ("di@example.org",)
    assert [one.why for one in found.refused] == [
        "Unsubscribed from invitations.",
        "An earlier email to this address bounced.",
    ]


def test_an_invitation_is_sent_again_once_per_click_and_works_for_another_thirty_days():
    creator, invitation_id = invited()
    author = a_linked_account(creator)

    with as_of(now() + timedelta(days=20)):
        invite_again(author, creator.id, invitation_id, 1, "UTC")
        with pytest.raises(InputError, match="sent again since"):
            invite_again(author, creator.id, invitation_id, 1, "UTC")

    first, second = mails(creator)
    assert first["about"] != second["about"]
    with as_of(now() + timedelta(days=49)):
        assert isinstance(INVITATIONS.write(creator.id, claim_next(creator.id, ["invitation"])), Mail)
        assert accept(creator.id, invitation_id, "Bo")
        with pytest.raises(InputError, match="accepted"):
            invite_again(author, creator.id, invitation_id, 2, "UTC")


def test_a_withdrawn_invitation_lets_nobody_in_until_it_is_sent_again():
    creator, invitation_id = invited()
    author = a_linked_account(creator)

    withdraw(author, creator.id, invitation_id)

    assert [row["state"] for row in mails(creator)] == ["cancelled"]
    assert invitations(creator.id)["state"].tolist() == ["withdrawn"]
    assert not accept(creator.id, invitation_id, "Bo")
    with pytest.raises(InputError, match="withdrawn since"):
        withdraw(author, creator.id, invitation_id)
    assert invitation_list(creator.id, "bo@example.org").addresses == ("bo@example.org",)
    assert invite(author, creator.id, ["bo@example.org"], "UTC") == 1
    assert sorted(row["state"] for row in mails(creator)) == ["cancelled", "pending"]
    assert accept(creator.id, invitation_id, "Bo")


def test_an_email_of_a_withdrawn_invitation_that_a_worker_holds_is_not_sent():
    creator, invitation_id = invited()
    delivery = claim_next(creator.id, ["invitation"])
    assert INVITATIONS.why_not(creator.id, delivery) is None

    withdraw(a_linked_account(creator), creator.id, invitation_id)

    assert "withdrawn" in INVITATIONS.why_not(creator.id, delivery)


def test_strangers_neither_send_again_nor_withdraw():
    creator, invitation_id = invited()
    outsider = a_creator()

    for stranger, whose in ((a_linked_account(None), creator), (a_linked_account(outsider), outsider)):
        with pytest.raises(InputError):
            invite_again(stranger, whose.id, invitation_id, 1, "UTC")
        with pytest.raises(InputError):
            withdraw(stranger, whose.id, invitation_id)
    assert len(mails(creator)) == 1
    assert invitations(creator.id)["state"].tolist() == ["open"]


def test_too_many_addresses_are_refused():
    with pytest.raises(InputError, match="2,001 addresses"):
        invitation_list(a_creator().id, " ".join(f"a{number}@example.org" for number in range(2_001)))


def test_an_invitation_is_one_mail_however_often_it_is_asked_for():
    creator = a_creator()
    author = a_linked_account(creator)

    assert [invite(author, creator.id, ["bo@example.org"], "UTC") for _ in range(2)] == [1, 0]
    assert [row["recipient"] for row in mails(creator)] == ["bo@example.org"]


def test_the_mail_has_the_link_and_none_is_written_once_accepted():
    creator, invitation_id = invited()
    delivery = claim_next(creator.id, ["invitation"])

    mail = INVITATIONS.write(creator.id, delivery)
    accept(creator.id, invitation_id, "Bo Lind")
    late = INVITATIONS.write(creator.id, delivery)

    assert isinstance(mail, Mail)
    assert f"/api/invitation?c={creator.id}&i={invitation_id}&s=" in mail.text
    assert isinstance(late, NothingToSay)


def test_accepting_enrols_once_and_shows_at_once():
    creator, invitation_id = invited()
    assert overview_stats(creator.id).total_students == 0

    answers = [accept(creator.id, invitation_id, name) for name in ("Bo Lind", "Other")]

    assert answers == [True, True]
    assert [(row["name"], row["email"]) for row in rows_of(creator.id, "students")] == [("Bo Lind", "bo@example.org")]
    assert overview_stats(creator.id).total_students == 1
    assert invitations(creator.id)["state"].tolist() == ["accepted"]


def test_without_a_name_the_address_gives_one():
    creator, invitation_id = invited()

    accept(creator.id, invitation_id, "  ")

    assert [row["name"] for row in rows_of(creator.id, "students")] == ["bo"]


def test_somebody_who_is_a_student_meanwhile_is_not_enrolled_twice():
    creator, invitation_id = invited(a_student("Bo Lind", email="BO@example.org"))

    assert accept(creator.id, invitation_id, "Bo")
    assert len(rows_of(creator.id, "students")) == 1


@pytest.mark.parametrize(("after", "is_open"), [(VALID_FOR - timedelta(seconds=1), True), (VALID_FOR, False)])
def test_an_invitation_runs_out(after, is_open):
    creator, invitation_id = invited()

    with as_of(now() + after):
        assert accept(creator.id, invitation_id, "Bo") is is_open


def test_an_invitation_that_ran_out_can_be_sent_again():
    creator, invitation_id = invited()

    with as_of(now() + VALID_FOR):
        assert invitation_list(creator.id, "bo@example.org").addresses == ("bo@example.org",)
        assert invite(a_linked_account(creator), creator.id, ["bo@example.org"], "UTC") == 1
        assert accept(creator.id, invitation_id, "Bo")


def test_a_creator_who_lost_the_tier_enrols_nobody():
    creator, invitation_id = invited()
    with platform_tx() as connection:
        connection.execute(text("update creators set subscription_tier = 'pro' where id = :id"), {"id": creator.id})

    assert not accept(creator.id, invitation_id, "Bo")


def test_staff_and_outsiders_neither_invite_nor_see():
    creator, invitation_id = invited()
    outsider = a_creator()

    for stranger in (a_linked_account(None), a_linked_account(outsider)):
        with pytest.raises(InputError, match="Read-only for staff"):
            invite(stranger, creator.id, ["eve@example.org"], "UTC")
    assert invitations(outsider.id).empty
    assert invitation(outsider.id, invitation_id) is None
    assert not accept(outsider.id, invitation_id, "Eve")
    assert invitation_list(outsider.id, "bo@example.org").refused == ()
    assert Refused("bo@example.org", REASONS["invited"]) in invitation_list(creator.id, "bo@example.org").refused


def invited(*rows):
    """A creator who invited Bo, and the invitation's id."""
    creator = a_creator(*rows)
    invite(a_linked_account(creator), creator.id, ["bo@example.org"], "UTC")
    return creator, rows_of(creator.id, "invitations")[0]["id"]


def test_an_invitation_enrols_in_the_run_that_it_names_and_must_name_one_where_there_are_several():
    creator = a_creator(a_student(email="ada@example.org"))
    author = a_linked_account(creator)
    second = add_course(author, creator.id, "Sorting")
    [run] = [one.run_id for one in courses.fresh(creator.id).courses[1].runs]
    with pytest.raises(InputError, match="several courses or runs"):
        invite(author, creator.id, ["bo@example.org"], "UTC")
    with pytest.raises(InputError, match=r"The run .* does not exist"):
        invite(author, creator.id, ["bo@example.org"], "UTC", uuid4())

    assert invite(author, creator.id, ["bo@example.org"], "UTC", run) == 1
    [asked] = rows_of(creator.id, "invitations")
    assert accept(creator.id, asked["id"], "Bo Lind")

    with at_level(level_of(creator.id, second)):
        assert overview_stats.fresh(creator.id).total_students == 1
    assert overview_stats.fresh(creator.id).total_students == 2
