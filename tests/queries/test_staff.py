"""What staff see of all creators, and that nobody else does."""

from collections.abc import Callable
from uuid import uuid4

import pytest

from actions.staff import disable_account, refresh_creator
from database.account_directory import disable, listed_account
from database.accounts import NotStaff, account, note_opening
from queries.staff import LATEST, accounts, audit_log, creator_states
from rules.errors import InputError
from tests.accounts import a_linked_account
from tests.builders import a_creator, a_student, add

pytestmark = pytest.mark.usefixtures("database")

READS = (creator_states, audit_log, accounts)


@pytest.mark.parametrize("read", READS)
def test_whoever_is_not_staff_reads_nothing(read: Callable[..., object]) -> None:
    staff, closed, creators_account = a_linked_account(), a_linked_account(), a_linked_account(a_creator())
    disable(closed.id)
    read(staff.id)

    for refused in (creators_account.id, closed.id, uuid4()):
        with pytest.raises(NotStaff):
            read(refused)


def test_whoever_is_not_staff_does_nothing() -> None:
    creator = a_creator()
    theirs, other = a_linked_account(creator), a_linked_account(a_creator())
    add(creator, a_student())

    with pytest.raises(NotStaff):
        refresh_creator(theirs.id, creator.id)
    with pytest.raises(NotStaff):
        disable_account(theirs.id, other.id)

    state = next(state for state in creator_states(a_linked_account().id) if state.id == creator.id)
    assert (state.version, state.waiting_keys > 0) == (1, True)
    assert account(other.id) == other


def test_a_refresh_shows_in_the_state_and_in_the_log() -> None:
    staff, creator = a_linked_account(name="Noor Haddad"), a_creator(name="Mira Vale")
    add(creator, a_student())

    assert refresh_creator(staff.id, creator.id)

    (state,) = creator_states(staff.id)
    assert (state.name, state.students, state.version, state.waiting_keys) == ("Mira Vale", 1, 2, 0)
    assert state.refresh_seconds is not None
    entry = audit_log(staff.id).iloc[0]
    assert (entry.who, entry.action, entry.creator) == ("Noor Haddad", "refresh started", "Mira Vale")


def test_the_log_has_the_latest_hundred() -> None:
    staff, creator = a_linked_account(), a_creator()
    for _ in range(LATEST + 1):
        note_opening(staff.id, creator.id)

    assert len(audit_log(staff.id)) == LATEST


def test_a_closed_account_is_named_in_the_log() -> None:
    staff, other = a_linked_account(name="Noor Haddad"), a_linked_account(a_creator(), name="Ira Bloom")

    disable_account(staff.id, other.id)

    assert listed_account(str(other.email)).state == "disabled"
    entry = audit_log(staff.id).iloc[0]
    assert (entry.who, entry.action, entry.about) == ("Noor Haddad", "account disabled", "Ira Bloom")


def test_staff_cannot_close_their_own_account() -> None:
    staff = a_linked_account()

    with pytest.raises(InputError, match="your own account"):
        disable_account(staff.id, staff.id)
    assert account(staff.id) == staff
