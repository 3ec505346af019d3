"""Removing the demo: by staff, or by the person who uses the dashboard on their own computer."""

import logging

from database import demo
from database.accounts import Account, must_be_staff
from database.tenancy import platform_tx

logger = logging.getLogger(__name__)


def may_remove_demo(account: Account, *, is_local: bool) -> bool:
    """Whether the account may; `is_local`: the sign-in is that of one's own computer, where every account is theirs."""
    return is_local or account.role == "staff"


def remove_demo(account: Account, *, is_local: bool) -> int:
    """Remove the demo creators with everything of theirs; returns how many there were. Raises NotStaff.

    Raises StorageError if files cannot be removed; the next call continues.
    """
    if not is_local:
        with platform_tx() as connection:
            must_be_staff(connection, account.id)
    removed = demo.remove_demo()
    logger.info("the demo was removed by account %s: %s creators", account.id, removed)
    return removed
