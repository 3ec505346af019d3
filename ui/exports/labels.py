"""Labels for exports: data, progress, requester, errors."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queries.exports.known import Export
from queries.periods.period import BEFORE, LAST_MONTH, LAST_YEAR, PERIODS, RUN, THIS_MONTH
from queries.students.tiers import TIER_LABELS
from rules.formatting import counted, grouped, percent_range, timed
from ui.settings_form import FORMAT_LABELS
from ui.shared.text import plain
from ui.students.filters import LAST_ACTIVE_LABELS, STATUS_LABELS
from ui.videos.filters import BAND_LABELS
from ui.videos.filters import STATUS_LABELS as VIDEO_STATUS_LABELS

TYPE_LABELS = {
    "students": "Students",
    "progress": "Progress",
    "chat": "Questions and answers",
    "analytics": "Analytics",
    "quiz_results": "Quiz results",
    "videos": "Videos",
}
CONTENTS = {
    "students": "One row per student: tier, progress, activity, XP.",
    "progress": "One row per student and video: how much of it was watched, and when.",
    "chat": "One row per question, with the answer and its rating.",
    "analytics": "The figures of the dashboard for one period. As PDF or Excel, a report with charts and advice.",
    "quiz_results": "One row per attempt: score, passed, time taken.",
    "videos": "One row per video: viewers, completion, drop-off.",
}
STATUS_BADGES = {
    "pending": ":blue-badge[Waiting]",
    "processing": ":blue-badge[Running]",
    "completed": ":green-badge[Ready]",
    "failed": ":red-badge[Failed]",
    "cancelled": ":gray-badge[Cancelled]",
    "expired": ":gray-badge[Expired]",
}
STATE_LABELS = {"completed": "Completed", "started": "Started", "not_started": "Not started"}
RATED_LABELS = {"good": "Rated good", "bad": "Rated bad", "unrated": "Not rated"}
ASKED_AS = {"staff": "staff", "api_key": "API key", "command_line": "command line"}
PERIOD_LABELS = {THIS_MONTH: "this month", LAST_MONTH: "last month", RUN: "since the start of the run"}
COMPARED_LABELS = {BEFORE: "the period before", LAST_YEAR: "last year"}
ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def title(export: Export) -> str:
    return f"{TYPE_LABELS[export.export_type]} · {FORMAT_LABELS[export.format]}"


def filters_in_words(export_type: str, filters: Mapping[str, Any], names: Mapping[str, str] | None = None) -> str:
    """Such as "With “ada” · At risk"; "Everything" without filters. The order does not count as a filter.

    `names` are the known names of courses and runs by id.
    """
    known = names or {}
    chosen = [
        _filter(export_type, name, known.get(str(value), str(value)))
        for name, value in filters.items()
        if not _is_usual(name, value)
    ]
    words = " · ".join(chosen) or "everything"
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


def _dates_or_run(key: str) -> str:
    return "since the start of a run" if key.startswith(RUN) else key.replace("..", " to ")


def _is_usual(name: str, value: Any) -> bool:
    return name in ("sort_by", "sort_order") or value == "all"


def _filter(export_type: str, name: str, value: str) -> str:
    if name == "search":
        return f"with “{value}”"
    if name == "progress":
        return f"{percent_range(value)} progress"
    if name in ("course_id", "run_id") and not ID.fullmatch(value):
        return f"“{value}”"
    if name in ("student_id", "video_id", "quiz_id", "course_id", "run_id"):
        return f"one {name.removesuffix('_id')}"
    if name == "period":
        last = {key: f"last {period.label}" for key, period in PERIODS.items()}
        return (last | PERIOD_LABELS).get(value, _dates_or_run(value))
    if name == "compare":
        return f"compared with {COMPARED_LABELS.get(value, 'another run')}"
    statuses = VIDEO_STATUS_LABELS if export_type == "videos" else STATUS_LABELS
    tiers = {key: label.text for key, label in TIER_LABELS.items()}
    labels: dict[str, Mapping[str, str]] = {
        "status": statuses,
        "tier": tiers,
        "last_active": LAST_ACTIVE_LABELS,
        "state": STATE_LABELS,
        "rated": RATED_LABELS,
        "band": BAND_LABELS,
    }
    label: str = labels.get(name, {}).get(value, value)
    return {"last_active": f"last active: {label}", "band": f"completion {label}"}.get(name, label)
