"""Exports in words: what, how far, who asked, why not."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from queries.exports import Export
from queries.periods import PERIODS
from queries.tiers import TIER_LABELS
from ui.settings_form import FORMAT_LABELS
from ui.student_filters import LAST_ACTIVE_LABELS, STATUS_LABELS
from ui.text import plain
from ui.videos_filters import BAND_LABELS
from ui.videos_filters import STATUS_LABELS as VIDEO_STATUS_LABELS

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
    "analytics": "The figures of the dashboard for one period; as PDF and workbook, a report with charts and advice.",
    "quiz_results": "One row per attempt: score, passed, time taken.",
    "videos": "One row per video: viewers, completion, drop-off.",
}
STATUS_BADGES = {
    "pending": ":blue-badge[Waiting]",
    "processing": ":blue-badge[Running]",
    "completed": ":green-badge[Ready]",
    "failed": ":red-badge[Failed]",
    "cancelled": ":gray-badge[Cancelled]",
    "expired": ":gray-badge[File gone]",
}
STATE_LABELS = {"completed": "Completed", "started": "Started", "not_started": "Not started"}
RATED_LABELS = {"good": "Rated good", "bad": "Rated bad", "unrated": "Not rated"}
ASKED_AS = {"staff": "staff", "api_key": "API key", "command_line": "command line"}
KIBIBYTE = 1024


def title(export: Export) -> str:
    return f"{TYPE_LABELS[export.export_type]} · {FORMAT_LABELS[export.format]}"


def filters_in_words(export_type: str, filters: Mapping[str, Any]) -> str:
    """Such as "With “ada” · At risk"; "Everything" where nothing is left out. The order is no filter."""
    chosen = [_filter(export_type, name, str(value)) for name, value in filters.items() if not _is_usual(name, value)]
    words = " · ".join(chosen) or "everything"
    return plain(words[0].upper() + words[1:])


def asked_by(export: Export) -> str:
    """Such as "Noor Haddad (staff)"."""
    role = ASKED_AS.get(export.requested_as)
    name = plain(export.requested_by_name) or "unknown"
    return f"{name} ({role})" if role and role.lower() != export.requested_by_name.lower() else name


def moment(at: datetime, timezone: str) -> str:
    return f"{at.astimezone(ZoneInfo(timezone)):%-d %b %Y, %H:%M}"


def size(size_bytes: int) -> str:
    """Such as "812 bytes", "56 KB" or "1.4 MB"."""
    if size_bytes < KIBIBYTE:
        return f"{size_bytes} bytes"
    if size_bytes < KIBIBYTE**2:
        return f"{size_bytes / KIBIBYTE:,.0f} KB"
    return f"{size_bytes / KIBIBYTE**2:,.1f} MB"


def rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"


def progress(export: Export) -> tuple[float, str]:
    """The share that is done, 0 to 1, and the same in words."""
    if export.status == "pending":
        return 0.0, "Waiting for a worker"
    if not export.rows_total:
        return 0.0, f"Reading · {rows(export.rows_written)}" if export.rows_written else "Reading"
    return min(export.rows_written / export.rows_total, 1.0), f"{export.rows_written:,} of {rows(export.rows_total)}"


def _is_usual(name: str, value: Any) -> bool:
    return name in ("sort_by", "sort_order") or value == "all"


def _filter(export_type: str, name: str, value: str) -> str:
    if name == "search":
        return f"with “{value}”"
    if name == "progress":
        return f"{value.replace('-', ' to ')} % progress"
    if name in ("student_id", "video_id", "quiz_id"):
        return f"one {name.removesuffix('_id')}"
    if name == "period":
        return f"last {PERIODS[value].label}" if value in PERIODS else value
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
