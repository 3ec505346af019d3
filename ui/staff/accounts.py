"""Accounts and the audit log, for staff."""

from uuid import UUID

import pandas as pd
import streamlit as st

from actions.staff import disable_account
from database.account_directory import ListedAccount
from rules.errors import InputError
from ui.account.viewer import forget_accounts_and_creators
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message, show_message

DISABLED = "staff_disabled"
STATES = {
    "active": "Active",
    "invited": "Invited, has not signed in yet",
    "demo": "Demo sign-in",
    "disabled": "Disabled",
}


def account_list(accounts: list[ListedAccount], staff_id: UUID) -> None:
    """All accounts as a table, and a form to disable one."""
    table = pd.DataFrame(
        {
            "Name": [account.name for account in accounts],
            "Email": [account.email or "" for account in accounts],
            "Role": [account.role.capitalize() for account in accounts],
            "Creator": [account.creator_name or "-" for account in accounts],
            "State": [STATES[account.state] for account in accounts],
        }
    )
    st.dataframe(table, hide_index=True, alt="Accounts with role, creator and state")
    _disabling({account.id: account for account in accounts if not account.disabled_at}, staff_id)


def _disabling(open_accounts: dict[UUID, ListedAccount], staff_id: UUID) -> None:
    show_message(DISABLED)
    with st.form("disable_account", border=False, clear_on_submit=True):
        chosen = st.selectbox(
            "Disable an account",
            [account_id for account_id in open_accounts if account_id != staff_id],
            index=None,
            format_func=lambda account_id: _label(open_accounts[account_id]),
            placeholder="Choose an account",
            help="Anyone signed in with it is signed out within a minute. "
            "`python manage.py user add` enables it again.",
        )
        if st.form_submit_button("Disable account", icon=":material/block:"):
            _disable(chosen, open_accounts, staff_id)


def _disable(chosen: UUID | None, open_accounts: dict[UUID, ListedAccount], staff_id: UUID) -> None:
    if chosen is None:
        st.error("Choose an account first.")
        return
    try:
        disable_account(staff_id, chosen)
    except InputError as error:
        st.error(str(error))
        return
    forget_accounts_and_creators()
    keep_message(DISABLED, f"{open_accounts[chosen].name} can no longer sign in.")
    st.rerun()


def _label(account: ListedAccount) -> str:
    return f"{account.name} ({account.email or account.role})"


def audit_list(entries: pd.DataFrame) -> None:
    """Takes the frame of `queries.staff.audit_log`."""
    if entries.empty:
        nothing_yet(
            "The audit log is empty.", "It records when staff open a dashboard, refresh it or disable an account."
        )
        return
    st.dataframe(
        pd.DataFrame(
            {
                "When (UTC)": entries["created_at"].dt.tz_convert("UTC").dt.tz_localize(None),
                "By": entries["who"],
                "Action": entries["action"],
                "Creator": entries["creator"],
                "Account": entries["about"].fillna("-"),
            }
        ),
        hide_index=True,
        column_config={"When (UTC)": st.column_config.DatetimeColumn(format="D MMM YYYY, HH:mm:ss")},
        alt="Audit log, newest first",
    )
