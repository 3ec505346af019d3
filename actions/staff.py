"""Actions of staff: refresh the figures, disable accounts. Each function refuses everybody else."""

from uuid import UUID

from database import account_directory
from database.accounts import must_be_staff, note
from database.each import Attempts, of_creator
from database.failures import settle
from database.refresh import KIND, refresh_within
from database.tenancy import platform_tx
from rules.errors import InputError

REFRESH_SECONDS = 10.0  # the longest a person waits


def refresh_creator(staff_id: UUID, creator_id: UUID) -> bool:
    """Bring a creator's figures up to date immediately, recorded in the audit log.

    False: another process is doing it, or it takes more than ten seconds; the worker continues. Raises NotStaff.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
        note(connection, creator_id, staff_id, "refresh started")
    is_done = refresh_within(creator_id, REFRESH_SECONDS) == 0
    if is_done:
        Attempts(KIND).succeeded(of_creator(creator_id))
    return is_done


def settle_failure(staff_id: UUID, kind: str, item_id: str) -> None:
    """Remove a failure from the list, as resolved; it reappears if it happens again. Raises NotStaff."""
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
    settle(kind, item_id)


def disable_account(staff_id: UUID, account_id: UUID) -> None:
    """Disable an account; anyone signed in with it is signed out within a minute.

    Raises NotStaff, and InputError for one's own account or an unknown one.
    """
    with platform_tx() as connection:
        must_be_staff(connection, staff_id)
    if staff_id == account_id:
        raise InputError("This is your own account; another member of staff has to disable it.")
    account_directory.disable(account_id, by_account_id=staff_id)
