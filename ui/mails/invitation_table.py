"""Invitations as a table."""

import pandas as pd

from database.frames import records
from queries.mails.invitations import InvitationRow
from rules.mail_states import RECIPIENT_STATES
from ui.shared.links import student_link
from ui.table.address import ListAddress, Order
from ui.table.cells import badge, moment, named
from ui.table.table import Column, Row, whole_list

INVITATIONS = ListAddress.of("invitation", Order("invited", "desc"))
STATES = {"open": ("Not answered yet", "gray"), "accepted": ("Accepted", "green"), "expired": ("Expired", "orange")}
COLUMNS = (
    Column("email", "Email", "name", "asc"),
    Column("state", "State", "badge", "asc"),
    Column("mail", "Mail", sorts="asc"),
    Column("invited", "Invited", "time", "desc"),
    Column("accepted", "Accepted", "time", "desc"),
    Column("expires", "Expires", "time", "desc"),
)
FIELDS = {
    "email": "email",
    "state": "state",
    "mail": "mail_state",
    "invited": "created_at",
    "accepted": "accepted_at",
    "expires": "expires_at",
}


def invitations_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.invitations.invitations`; who accepted leads to their profile."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [_row(row, timezone) for row in records(part, InvitationRow)]

    whole_list(INVITATIONS, "Invitations and whether they were accepted", COLUMNS, rows, described, FIELDS)


def _row(row: InvitationRow, timezone: str) -> Row:
    cells = (
        named(row.email),
        badge(*STATES[row.state]),
        RECIPIENT_STATES.get(row.mail_state or ""),
        moment(row.created_at, timezone),
        moment(row.accepted_at, timezone),
        moment(row.expires_at, timezone),
    )
    return Row(str(row.invitation_id), cells, student_link(row.student_id).href if row.student_id else None)
