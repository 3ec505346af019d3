"""New creators: added on the command line, by staff, or by somebody who starts with their own data on this computer."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from database.account_directory import invited
from database.accounts import add_local_account, must_be_staff, note
from database.creators import LONGEST_NAME, added_creator, check_terms
from database.engine import is_of_one_computer
from database.tenancy import platform_tx
from rules.errors import InputError
from rules.tiers import DASHBOARD_TIER
from rules.visible import visible_line

ADDED = "creator added"

ONE_AT_A_TIME = text("select pg_advisory_xact_lock(hashtextextended('names of creators', 0))")
HAS_NAME = text("select exists (select from creators where lower(name) = lower(:name))")


@dataclass(frozen=True)
class NewCreator:
    """What a creator begins with; the name is that of a school, a teacher or a channel."""

    name: str
    timezone: str = "UTC"
    tier: str = DASHBOARD_TIER


def add_creator(wanted: NewCreator) -> UUID:
    """Add a creator without data; on one's own computer with an account to sign in with. Returns the creator's id.

    Raises InputError for a name, tier or time zone that cannot be used, and for a name that a creator has already.
    """
    name = _checked(wanted)
    with platform_tx() as connection:
        creator_id = _added(connection, name, wanted)
        if is_of_one_computer():
            add_local_account(connection, creator_id, name)
        note(connection, creator_id, None, ADDED)
    return creator_id


def add_creator_for(staff_id: UUID, wanted: NewCreator, email: str, person: str) -> UUID:
    """Add a creator with an account that the first sign-in with this email activates; returns the creator's id.

    Recorded in the audit log. Both are added or neither. Raises NotStaff, and InputError as `add_creator` and
    `database.account_directory.invite` do.
    """
    name, owner = _checked(wanted), _person(person)
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        creator_id = _added(connection, name, wanted)
        account_id = invited(connection, email.strip(), owner or name, creator_id)
        note(connection, creator_id, staff_id, ADDED, str(account_id))
    return creator_id


def start_with_own_data(wanted: NewCreator, person: str) -> UUID:
    """Add a creator and the account of the person who starts on this computer; returns the account's id.

    Only for the sign-in of one's own computer, which lets its users in without a provider. Raises InputError.
    """
    name, owner = _checked(wanted), _person(person)
    with platform_tx() as connection:
        creator_id = _added(connection, name, wanted)
        account_id = add_local_account(connection, creator_id, owner or name)
        note(connection, creator_id, account_id, ADDED)
    return account_id


def _checked(wanted: NewCreator) -> str:
    """The name as it is stored."""
    name = visible_line(wanted.name)
    if not name:
        raise InputError("Give the school or channel a name first.")
    check_terms(name, wanted.tier, wanted.timezone)
    return name


def _added(connection: Connection, name: str, wanted: NewCreator) -> UUID:
    """The id of the creator, who is added unless another one has the name."""
    connection.execute(ONE_AT_A_TIME)
    if connection.execute(HAS_NAME, {"name": name}).scalar_one():
        raise InputError(f'There is a creator "{name}" already; choose another name.')
    return added_creator(connection, name, wanted.tier, wanted.timezone)


def _person(given: str) -> str:
    name = visible_line(given)
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InputError(f"The person's name is {name[:LONGEST_NAME]!r}; it may have {LONGEST_NAME} characters.")
    return name
