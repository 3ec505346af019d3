"""Invitations as a table."""

import pandas as pd

from database.frames import records
from database.mail_addresses import readable
from queries.mails.invitations import InvitationRow
from rules.mail_states import RECIPIENT_STATES
from ui.mails.invitation_words import INVITATION_STATES
from ui.shared.links import student_link
from ui.table.address import ListAddress, Order
from ui.table.cells import badge, moment, named, words
from ui.table.table import Column, Row, whole_list

INVITATIONS = ListAddress.of("invitation", Order("invited", "desc"))
COLOURS = {"open": "gray", "accepted": "green", "expired": "orange", "withdrawn": "gray"}
COLUMNS = (
    Column("email", "Email", "name", "asc"),
    Column("state", "State", "badge", "asc"),
    Column("mail", "Mail", sorts="asc"),
    Column("why", "Why", sorts="asc"),
    Column("invited", "Invited", "time", "desc"),
    Column("accepted", "Accepted", "time", "desc"),
    Column("expires", "Expires", "time", "desc"),
)
FIELDS = {
    "email": "email",
    "state": "state",
    "mail": "mail_state",
    "why": "mail_reason",
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
        named(readable(row.email)),
        badge(INVITATION_STATES[row.state], COLOURS[row.state]),
        RECIPIENT_STATES.get(row.mail_state or ""),
        words(row.mail_reason),
        moment(row.created_at, timezone),
        moment(row.accepted_at, timezone),
        moment(row.expires_at, timezone),
    )
    return Row(str(row.invitation_id), cells, student_link(row.student_id).href if row.student_id else None)
