"""Which identity opens which account."""

import pytest
from sqlalchemy import text

from database.account_directory import disable, invite, listed_account, listed_accounts
from database.accounts import NotStaff, account, account_of_identity, is_disabled, may_write, must_be_staff
from database.tenancy import platform_tx
from rules.errors import InputError
from tests.accounts import ISSUER, a_linked_account, an_invited_account
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("database")
MIRA = "mira@example.com"


def test_the_first_sign_in_with_the_verified_e_mail_opens_the_account() -> None:
    invited = an_invited_account(MIRA, creator := a_creator())

    opened = account_of_identity(ISSUER, "subject-1", "MIRA@Example.com")

    assert opened is not None
    assert (opened.id, opened.creator_id) == (invited, creator.id)
    assert account_of_identity(ISSUER, "subject-1") == opened


def test_without_a_verified_e_mail_nothing_is_linked() -> None:
    an_invited_account(MIRA, a_creator())

    assert account_of_identity(ISSUER, "subject-1") is None
    assert listed_account(MIRA).state == "invited"


@pytest.mark.parametrize(("issuer", "subject"), [(ISSUER, "subject-2"), ("https://other.example.com", "subject-1")])
def test_a_linked_account_never_opens_by_e_mail_again(issuer: str, subject: str) -> None:
    an_invited_account(MIRA, a_creator())
    account_of_identity(ISSUER, "subject-1", MIRA)

    assert account_of_identity(issuer, subject, MIRA) is None
    assert account_of_identity(ISSUER, "subject-1") is not None


def test_an_e_mail_of_two_accounts_opens_neither() -> None:
    an_invited_account(MIRA, creator := a_creator())
    with platform_tx() as connection:
        connection.execute(
            text(
                "insert into dashboard_users (issuer, subject, email, name, role, creator_id) "
                "values ('invited', 'another', 'Mira@example.com', 'Mira', 'creator', :creator)"
            ),
            {"creator": creator.id},
        )

    assert account_of_identity(ISSUER, "subject-1", MIRA) is None


@pytest.mark.parametrize(
    "claimed", ["mira@example.co", "mıra@example.com", "MİRA@example.com", "%", "", "mira_example.com"]
)
def test_a_similar_address_opens_nothing(claimed: str) -> None:
    an_invited_account(MIRA, a_creator())

    assert account_of_identity(ISSUER, "subject-1", claimed) is None


@pytest.mark.parametrize(("issuer", "subject"), [("demo", "ada"), ("invited", MIRA), ("", "x"), (ISSUER, "")])
def test_what_is_no_identity_opens_nothing(issuer: str, subject: str) -> None:
    an_invited_account(MIRA, a_creator())

    assert account_of_identity(issuer, subject, MIRA) is None


def test_a_disabled_account_stays_closed_to_its_identity_and_its_e_mail() -> None:
    known = a_linked_account(a_creator())
    disable(known.id)

    assert account(known.id) is None
    assert account_of_identity(ISSUER, str(known.email), known.email) is None
    assert is_disabled(ISSUER, str(known.email))


def test_an_invited_account_that_was_disabled_is_not_linked() -> None:
    disable(an_invited_account(MIRA, a_creator()))

    assert account_of_identity(ISSUER, "subject-1", MIRA) is None


def test_an_identity_with_an_account_never_takes_a_second_one() -> None:
    first = a_linked_account(a_creator())
    an_invited_account(MIRA)

    again = account_of_identity(ISSUER, str(first.email), MIRA)

    assert again is not None
    assert again.id == first.id
    assert listed_account(MIRA).state == "invited"


def test_adding_a_disabled_account_opens_it_anew_for_another_identity() -> None:
    first = a_linked_account(a_creator())
    disable(first.id)

    invite(str(first.email).upper(), "Ira again", None)

    assert account_of_identity(ISSUER, str(first.email)) is None
    opened = account_of_identity(ISSUER, "another subject", first.email)
    assert opened is not None
    assert (opened.id, opened.role, opened.creator_id) == (first.id, "staff", None)


def test_an_e_mail_has_one_account() -> None:
    an_invited_account(MIRA, a_creator())

    with pytest.raises(InputError, match="has an account already"):
        invite("Mira@Example.com", "Mira", None)
    assert len(listed_accounts()) == 1


NO_ADDRESSES = ["", "mira", "a@b", "a b@example.com", "a@@example.com", "mıra@example.com", "a@example.com\n"]


@pytest.mark.parametrize("email", [*NO_ADDRESSES, "a@" + "b" * 260 + ".com"])
def test_what_is_no_address_is_refused(email: str) -> None:
    with pytest.raises(InputError, match="is not an email address"):
        invite(email, "Mira", None)


def test_disabling_a_creators_account_is_in_the_audit_log() -> None:
    known, staff = a_linked_account(creator := a_creator()), a_linked_account()

    disable(known.id, by_account_id=staff.id)

    with platform_tx() as connection:
        noted = connection.execute(text("select creator_id, user_id, action, detail ->> 'about' from audit_log")).one()
    assert tuple(noted) == (creator.id, staff.id, "account disabled", str(known.id))


def test_only_the_creators_own_account_may_write() -> None:
    creator, outsider, staff = a_creator(), a_linked_account(a_creator()), a_linked_account()
    may_write(a_linked_account(creator), creator.id)

    for account_ in (outsider, staff):
        with pytest.raises(InputError, match="Read-only for staff"):
            may_write(account_, creator.id)


def test_only_staff_are_staff_and_not_once_they_are_disabled() -> None:
    staff, creators_account = a_linked_account(), a_linked_account(a_creator())
    with platform_tx() as connection:
        must_be_staff(connection, staff.id)
    disable(staff.id)

    for refused in (staff, creators_account):
        with platform_tx() as connection, pytest.raises(NotStaff):
            must_be_staff(connection, refused.id)
