"""Labels for exports: data, progress, requester, errors."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queries.exports.known import Export
from queries.labels import RATED, WATCHED
from reports.exports.in_words import chosen_in_words
from rules.formatting import counted, grouped, timed
from ui.settings_form import FORMAT_LABELS
from ui.shared.text import plain

TYPE_LABELS = {
    "students": "Students",
    "progress": "Progress",
    "chat": "Questions and answers",
    "analytics": "Analytics",
    "quiz_results": "Quiz results",
    "videos": "Videos",
    "finished": "People who finished",
}
CONTENTS = {
    "students": "One row per student: tier, progress, activity, XP.",
    "progress": "One row per student and video: how much of it was watched, and when.",
    "chat": "One row per question, with the answer and its rating.",
    "analytics": "The figures of the dashboard for one period. As PDF or Excel, a report with charts and advice.",
    "quiz_results": "One row per attempt: score, passed, time taken.",
    "videos": "One row per video: viewers, completion, drop-off.",
    "finished": "One row per student who completed every video: enrolled, started and finished when.",
}
STATUS_BADGES = {
    "pending": ":blue-badge[Waiting]",
    "processing": ":blue-badge[Running]",
    "completed": ":green-badge[Ready]",
    "failed": ":red-badge[Failed]",
    "cancelled": ":gray-badge[Cancelled]",
    "expired": ":gray-badge[Expired]",
}
STATE_LABELS, RATED_LABELS = WATCHED, RATED
ASKED_AS = {"staff": "staff", "api_key": "API key", "command_line": "command line"}


def title(export: Export) -> str:
    return f"{TYPE_LABELS[export.export_type]} · {FORMAT_LABELS[export.format]}"


def filters_in_words(export_type: str, filters: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """Such as "With “ada” · At risk"; "Everything" without filters. The order does not count as a filter.

    `names` are the known names of courses and runs by id.
    """
    words = " · ".join(chosen_in_words(export_type, filters, names or {})) or "everything"
    return plain(words[0].upper() + words[1:])


def asked_by(export: Export) -> str:
    """Such as "Noor Haddad (staff)"."""
    role = ASKED_AS.get(export.requested_as)
    name = plain(export.requested_by_name) or "unknown"
    return f"{name} ({role})" if role and role.lower() != export.requested_by_name.lower() else name


def moment(at: datetime, timezone: str) -> str:
    return f"{timed(at.astimezone(ZoneInfo(timezone)))}"


def rows(count: int) -> str:
    return counted(count, "row")


def progress(export: Export) -> tuple[float, str]:
    """The share that is done, 0 to 1, and a description."""
    if export.status == "pending":
        return 0.0, "Waiting to start"
    if not export.rows_total:
        return 0.0, f"Reading · {rows(export.rows_written)}" if export.rows_written else "Reading"
    return min(
        export.rows_written / export.rows_total, 1.0
    ), f"{grouped(export.rows_written)} of {rows(export.rows_total)}"
