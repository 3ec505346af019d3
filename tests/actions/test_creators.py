"""New creators: by staff with an owner, and by the person who starts on their own computer."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import text

from actions.creators import NewCreator, add_creator_for, start_with_own_data
from database.account_directory import listed_account
from database.accounts import NotStaff, account, account_of_identity
from database.creators import creators
from database.tenancy import platform_tx
from rules.errors import InputError
from tests.accounts import ISSUER, a_linked_account, an_invited_account
from tests.builders import a_creator

pytestmark = pytest.mark.usefixtures("database")

SCHOOL = NewCreator("My school", "Europe/Berlin")
LOG = text("select user_id, action, detail ->> 'about' from audit_log where creator_id = :creator_id")


def test_staff_add_a_creator_whose_owner_can_sign_in() -> None:
    staff = a_linked_account()

    added = add_creator_for(staff.id, SCHOOL, " mia@example.com ", " Mia  Chen ")

    owner = account_of_identity(ISSUER, "mia", "mia@example.com")
    assert owner is not None
    assert (owner.name, owner.role, owner.creator_id, owner.creator_name) == ("Mia Chen", "creator", added, "My school")
    assert noted(added) == [(staff.id, "creator added", str(owner.id))]


def test_without_a_name_the_owner_has_that_of_the_school() -> None:
    add_creator_for(a_linked_account().id, SCHOOL, "mia@example.com", "")

    assert listed_account("mia@example.com").name == "My school"


@pytest.mark.parametrize("email", ["", "mia", "taken@example.com", "a@b.com\nBcc: x@y.com"])
def test_an_address_that_cannot_be_used_adds_no_creator(email: str) -> None:
    an_invited_account("taken@example.com")

    with pytest.raises(InputError, match=r"email address|account already"):
        add_creator_for(a_linked_account().id, SCHOOL, email, "Mia")

    assert creators() == []


def test_nobody_but_staff_adds_creators() -> None:
    creator = a_creator()
    outsider = a_linked_account(creator)

    with pytest.raises(NotStaff):
        add_creator_for(outsider.id, SCHOOL, "mia@example.com", "")

    assert [known.id for known in creators()] == [creator.id]


def test_starting_makes_creator_and_account() -> None:
    started = account(start_with_own_data(SCHOOL, "Mia Chen"))

    assert started is not None
    assert (started.name, started.creator_name, started.subscription_tier) == ("Mia Chen", "My school", "enterprise")
    assert started.creator_id is not None
    assert noted(started.creator_id) == [(started.id, "creator added", None)]
    (known,) = creators()
    assert (known.timezone, known.is_demo) == ("Europe/Berlin", False)


@pytest.mark.parametrize("person", ["x" * 201, "Mia\u200bChen"])
def test_a_person_without_a_usable_name_starts_nothing(person: str) -> None:
    with pytest.raises(InputError, match="person's name"):
        start_with_own_data(SCHOOL, person)

    assert creators() == []


def test_two_clicks_at_once_make_one_creator() -> None:
    together = Barrier(2)

    def click(_number: int) -> UUID | str:
        together.wait()
        try:
            return start_with_own_data(SCHOOL, "")
        except InputError as error:
            return str(error)

    with ThreadPoolExecutor(2) as clicks:
        results = list(clicks.map(click, range(2)))

    assert len(creators()) == 1
    assert sorted(isinstance(one, UUID) for one in results) == [False, True]


def noted(creator_id: UUID) -> list[tuple[UUID | None, str, str | None]]:
    with platform_tx() as connection:
        return [tuple(row) for row in connection.execute(LOG, {"creator_id": creator_id})]
