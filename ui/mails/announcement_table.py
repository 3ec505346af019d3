"""Announcements and their recipients, as tables."""

import pandas as pd

from database.frames import records
from queries.mails.announcement_audience import SKIP_REASONS
from queries.mails.announcements import AnnouncementRow, RecipientRow
from rules.mail_states import BEING_SENT, CANCELLED, NEEDS_ATTENTION, RECIPIENT_STATES, SENT, WAITING
from ui.shared.links import announcement_link, student_link
from ui.shared.people import told_apart
from ui.table.address import ListAddress, Order
from ui.table.cells import moment, named, number, words
from ui.table.table import Column, Row, whole_list

ANNOUNCEMENTS = ListAddress.of("announcement", Order("due", "desc"))
RECIPIENTS = ListAddress.of("recipient", Order("attention"))
COLUMNS = (
    Column("subject", "Subject", "name", "asc"),
    Column("state", "State"),
    Column("due", "Sent or due", "time", "desc"),
    Column("to", "To", sorts="asc"),
    Column("students", "Students", "number", "desc"),
    Column("sent", "Sent", "number", "desc"),
    Column("back", "Came back", "number", "desc"),
    Column("skipped", "Skipped", "number", "desc"),
)
FIELDS = {
    "subject": "subject",
    "due": "due_at",
    "to": "audience",
    "students": "recipients",
    "sent": "sent",
    "back": "came_back",
    "skipped": "left_out",
}
RECIPIENT_COLUMNS = (
    Column("attention", "What needs attention", "unseen", "asc"),
    Column("name", "Student", "name", "asc"),
    Column("state", "State", sorts="asc"),
    Column("back", "Came back", sorts="desc"),
    Column("sent", "Sent", "time", "desc"),
    Column("active", "First active afterwards", "time", "desc"),
    Column("why", "Why", sorts="asc"),
)
RECIPIENT_FIELDS = {
    "name": "name",
    "state": "state",
    "back": "has_come_back",
    "sent": "sent_at",
    "active": "first_active_after",
    "why": "reason",
}


def announcements_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.announcements.announcements`; a subject leads to the announcement."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [_announcement(row, timezone) for row in records(part, AnnouncementRow)]

    whole_list(ANNOUNCEMENTS, "Announcements", COLUMNS, rows, described, FIELDS)


def recipients_table(rows: pd.DataFrame, timezone: str) -> None:
    """Takes the frame of `queries.mails.announcements.recipients`; a name leads to the profile."""

    def described(part: pd.DataFrame) -> list[Row]:
        return [_recipient(row, timezone) for row in records(part, RecipientRow)]

    caption = "Results of the announcement for each student"
    whole_list(RECIPIENTS, caption, RECIPIENT_COLUMNS, rows, described, RECIPIENT_FIELDS)


def announcement_state(row: AnnouncementRow) -> str:
    """The state in a word or two: first what may need action."""
    if row.cancelled_at:
        return CANCELLED.text
    if row.failed or row.unknown:
        return NEEDS_ATTENTION
    if row.waiting:
        return BEING_SENT.text if row.sent else WAITING.text
    return SENT.text


def _announcement(row: AnnouncementRow, timezone: str) -> Row:
    cells = (
        named(row.subject),
        announcement_state(row),
        moment(row.due_at, timezone),
        words(row.audience),
        number(row.recipients),
        number(row.sent),
        number(row.came_back),
        number(row.left_out),
    )
    return Row(str(row.announcement_id), cells, announcement_link(row.announcement_id).href)


def _recipient(row: RecipientRow, timezone: str) -> Row:
    name, href = named("Left the course"), None
    if row.name is not None and row.student_id is not None:
        name = named(*told_apart(row.name, row.recipient, row.student_id))
        href = student_link(row.student_id).href
    cells = (
        name,
        RECIPIENT_STATES[row.state],
        "Yes" if row.has_come_back else "No",
        moment(row.sent_at, timezone),
        moment(row.first_active_after, timezone),
        words(SKIP_REASONS.get(row.reason or "", row.reason)),
    )
    return Row(f"{row.student_id} {row.recipient}", cells, href)
