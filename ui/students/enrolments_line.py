"""The courses a student is or was enrolled in, as one line."""

from uuid import UUID
from zoneinfo import ZoneInfo

from database.clock import now
from database.frames import records
from queries.courses.contents import EnrolmentRow, enrolments_of_student
from queries.courses.known import courses
from queries.courses.names import course_name, run_name
from rules.formatting import dated
from ui.shared.text import plain


def enrolled_in(creator_id: UUID, student_id: UUID, timezone: str) -> str:
    """As Markdown; empty if there is only one run of one course."""
    known = courses(creator_id).courses
    names = {
        run.run_id: f"{course_name(course)}, {run_name(run)}" if len(course.runs) > 1 else course_name(course)
        for course in known
        for run in course.runs
    }
    if len(names) < 2:
        return ""
    rows = [row for row in records(enrolments_of_student(creator_id, student_id), EnrolmentRow) if row.run_id in names]
    told = [f"**{plain(names[row.run_id])}** ({_since(row, ZoneInfo(timezone))})" for row in rows]
    return "Enrolled in " + " · ".join(told) if told else "Not enrolled in any course."


def _since(row: EnrolmentRow, zone: ZoneInfo) -> str:
    if row.ended_at and row.ended_at <= now():
        return f"left {dated(row.ended_at.astimezone(zone))}"
    if row.access_expires_at:
        return f"access until {dated(row.access_expires_at.astimezone(zone))}"
    return f"since {dated(row.enrolled_at.astimezone(zone))}"
