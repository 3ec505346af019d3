"""What staff may do for every creator: refresh the figures, close accounts. Each function refuses whoever is not."""

from uuid import UUID

from database import account_directory
from database.accounts import must_be_staff, note
from database.errors import InputError
from database.refresh import refresh
from database.tenancy import platform_tx


def refresh_creator(staff_id: UUID, creator_id: UUID) -> bool:
    """Recompute at once what changed for a creator, and say so in the audit log.

    False: another refresh of this creator is running. Raises NotStaff.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        note(connection, creator_id, staff_id, "refresh started")
    return refresh(creator_id)


def disable_account(staff_id: UUID, account_id: UUID) -> None:
    """Close an account; who is signed in with it is out within a minute.

    Raises NotStaff, and InputError for one's own account or an unknown one.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
    if staff_id == account_id:
        raise InputError("This is your own account; another member of staff has to disable it.")
    account_directory.disable(account_id, by_account_id=staff_id)
