"""Accounts and the audit log, for staff."""

from uuid import UUID

import pandas as pd
import streamlit as st

from actions.staff import disable_account
from database.account_directory import ListedAccount
from database.frames import records
from queries.staff import AuditRow
from rules.errors import InputError
from ui.account.viewer import forget_accounts_and_creators
from ui.shared.empty import nothing_yet
from ui.shared.flash import keep_message, show_message
from ui.table.address import ListAddress, Order
from ui.table.cells import Cell, badge, moment, named, words
from ui.table.table import Column, Row, whole_list

DISABLED = "staff_disabled"
ACCOUNTS = ListAddress.of("account", Order("name"))
ENTRIES = ListAddress.of("entry", Order("when", "desc"))
COLUMNS = (
    Column("name", "Name", "name", "asc"),
    Column("role", "Role", sorts="asc"),
    Column("creator", "Creator", sorts="asc"),
    Column("state", "State", "badge", "asc"),
)
SORTED_BY = ("name", "role", "creator", "state")
ENTRY_COLUMNS = (
    Column("when", "When (UTC)", "time", "desc"),
    Column("who", "By", "name", "asc"),
    Column("action", "Action", sorts="asc"),
    Column("creator", "Creator", sorts="asc"),
    Column("about", "Account", sorts="asc"),
)
ENTRY_FIELDS = {"when": "created_at", "who": "who", "action": "action", "creator": "creator", "about": "about"}
COLOURS = {"active": "green", "invited": "blue", "demo": "gray", "disabled": "red"}
STATES = {
    "active": "Active",
    "invited": "Invited, has not signed in yet",
    "demo": "Demo sign-in",
    "disabled": "Disabled",
}


def account_list(accounts: list[ListedAccount], staff_id: UUID) -> None:
    """All accounts as a table, and a form to disable one."""
    sortable = pd.DataFrame(
        [(place, *_to_sort_by(account)) for place, account in enumerate(accounts)], columns=["place", *SORTED_BY]
    )

    def described(part: pd.DataFrame) -> list[Row]:
        return [_account(accounts[place]) for place in part["place"]]

    whole_list(ACCOUNTS, "Accounts", COLUMNS, sortable, described, {name: name for name in SORTED_BY})
    _disabling({account.id: account for account in accounts if not account.disabled_at}, staff_id)


def _to_sort_by(account: ListedAccount) -> tuple[str | None, ...]:
    return account.name, account.role, account.creator_name, STATES[account.state]


def _account(account: ListedAccount) -> Row:
    cells = (
        named(account.name, account.email or f"id {str(account.id)[:8]}"),
        account.role.capitalize(),
        words(account.creator_name),
        badge(STATES[account.state], COLOURS[account.state]),
    )
    return Row(str(account.id), cells)


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

    def described(part: pd.DataFrame) -> list[Row]:
        return [Row(str(place), _entry(row)) for place, row in zip(part.index, records(part, AuditRow), strict=True)]

    whole_list(ENTRIES, "Audit log", ENTRY_COLUMNS, entries, described, ENTRY_FIELDS)


def _entry(row: AuditRow) -> tuple[Cell, ...]:
    return (
        moment(row.created_at, "UTC", with_seconds=True),
        named(row.who),
        words(row.action),
        words(row.creator),
        words(row.about),
    )
