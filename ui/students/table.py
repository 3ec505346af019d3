"""Students as a table: each name leads to the profile, the headings sort the whole list."""

from __future__ import annotations

from uuid import UUID

from database.frames import records
from queries.definitions import help_for
from queries.students.lists import StudentPage
from queries.students.rows import StudentRow
from queries.students.tiers import TIER_LABELS
from ui.shared.links import student_link
from ui.shared.people import told_apart
from ui.students.filters import ADDRESS
from ui.students.tiers import BADGES
from ui.table.address import Order
from ui.table.cells import badge, bar, moment, named, number
from ui.table.table import Column, Row, Shown, list_table

COLUMNS = (
    Column("name", "Student", "name", "asc"),
    Column("tier", "Tier", "badge", "asc", help=help_for("engagement_tier")),
    Column("progress", "Progress", "bar", "desc", help=help_for("progress")),
    Column("lastActive", "Last active", "time", "desc"),
    Column("videos", "Videos", "number", "desc"),
    Column("quizzes", "Quizzes passed", "number", "desc"),
    Column("questions", "Questions", "number", "desc"),
    Column("xp", "XP", "number", "desc"),
)


def student_table(found: StudentPage, timezone: str) -> list[UUID]:
    """The page of the list; returns the ids of the selected rows."""
    filters = found.filters
    shown = Shown(Order(filters.sort_by, filters.sort_order), found.page, scope(filters))
    rows = [_row(row, timezone) for row in records(found.students, StudentRow)]
    return ids(list_table(ADDRESS.key, "Students", COLUMNS, rows, shown, chooses=True))


def scope(filters: object) -> tuple[object, ...]:
    """What a choice of rows belongs to: the filters, but not the order or the page."""
    fields = ("status", "progress", "last_active", "tier", "search")
    return tuple(getattr(filters, field) for field in fields)


def ids(selected: list[str]) -> list[UUID]:
    """What a browser sent as ids; what is none is left out."""
    found = []
    for one in selected:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


def _row(row: StudentRow, timezone: str) -> Row:
    return Row(
        str(row.student_id),
        (
            named(*told_apart(row.name, row.email, row.student_id)),
            badge(TIER_LABELS[row.engagement_tier].text, BADGES[row.engagement_tier]),
            bar(row.progress_percent),
            moment(row.last_active, timezone),
            number(row.videos_watched),
            number(row.quizzes_passed),
            number(row.questions_asked),
            number(row.xp_points),
        ),
        student_link(row.student_id).href,
    )
