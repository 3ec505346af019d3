"""The analytics snapshot as an Excel workbook: the figures of the PDF, sheet by sheet, with native charts."""

from collections.abc import Callable
from io import BytesIO
from typing import IO, Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter import Workbook

from queries.definitions import definitions
from queries.periods import Period
from reports import snapshot_sheets
from reports.exports.table import Table
from reports.exports.xlsx_file import safe_workbook, write_sheet
from reports.parts import rendering
from reports.sheets import Field, write_frame
from reports.snapshot import Snapshot, snapshot

Sheet = Callable[[Workbook, Snapshot, ZoneInfo], None]
SHEETS: tuple[Sheet, ...] = (
    snapshot_sheets.key_figures,
    snapshot_sheets.what_to_do,
    snapshot_sheets.days,
    snapshot_sheets.hours,
    snapshot_sheets.tiers,
    snapshot_sheets.at_risk,
    snapshot_sheets.course,
    snapshot_sheets.videos,
    snapshot_sheets.retention,
    snapshot_sheets.drop_offs,
    snapshot_sheets.quizzes,
    snapshot_sheets.quiz_questions,
    snapshot_sheets.questions_asked,
)
ALL_FIGURES = "All figures"
MOMENT = "%-d %B %Y, %H:%M"


def snapshot_workbook(creator_id: UUID, period: Period) -> bytes:
    """The workbook of a creator as of now. Raises FeatureAccessDenied below ENTERPRISE, InputError for nobody."""
    return workbook_bytes(snapshot(creator_id, period))


def workbook_bytes(found: Snapshot) -> bytes:
    """The gathered figures as the bytes of a workbook."""
    buffer = BytesIO()
    write_workbook(found, buffer)
    return buffer.getvalue()


def write_workbook(found: Snapshot, target: IO[bytes], all_figures: Table | None = None) -> None:
    """Write the sheets, "About" with period, zone, data time and definitions, and perhaps what the CSV export holds."""
    zone = ZoneInfo(found.zone_name)
    with (
        rendering(f"the analytics snapshot of creator {found.creator.id} as workbook"),
        safe_workbook(target) as workbook,
    ):
        workbook.set_properties({"title": "Analytics snapshot", "author": "Creator Dashboard"})
        for add_sheet in SHEETS:
            with rendering(f"the sheet {add_sheet.__name__.replace('_', ' ')}"):
                add_sheet(workbook, found, zone)
        if all_figures is not None:
            write_sheet(workbook, all_figures, ALL_FIGURES)
        _about(workbook, found, zone)


def _about(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    rows = [*_facts(found), *((known.title, known.definition) for known in _defined(found))]
    fields = (Field("what", "About", "text", 30), Field("meaning", "", "text", 110))
    write_frame(workbook, "About", fields, pd.DataFrame(rows, columns=["what", "meaning"]), zone)


def _facts(found: Snapshot) -> list[tuple[str, str]]:
    computed = f"{found.data_time:{MOMENT}}" if found.data_time else "not computed yet"
    return [
        ("Creator", found.creator.name),
        ("Period", f"{found.first_day:%-d %B %Y} to {found.last_day:%-d %B %Y} ({found.period.label})"),
        ("Days and hours", f"Those of {found.zone_name}"),
        ("Figures computed", computed),
        ("Report made", f"{found.made_at:{MOMENT}}"),
        ("Empty cells", "There is no such figure: nothing to divide by, or the platform does not tell it."),
    ]


def _defined(found: Snapshot) -> list[Any]:
    """What the key figures mean, then everything else that a sheet shows."""
    known = definitions()
    names = dict.fromkeys((*(figure.name for figure in found.key_figures), *DEFINED))
    return [known[name] for name in names]


DEFINED = (
    "sign_of_life",
    "daily_active_users",
    "learning_activity",
    "peak_hours",
    "engagement_tier",
    "status",
    "at_risk",
    "usual_gap",
    "progress",
    "funnel",
    "stuck",
    "video_viewers",
    "video_views",
    "video_completion_rate",
    "video_completion_band",
    "video_watched",
    "retention",
    "drop_off_point",
    "quiz_first_pass_rate",
    "quiz_mean_score",
    "quiz_struggling",
    "question_correct",
    "question_hard",
    "question_wrong_key",
    "most_asked_questions",
    "unanswered",
    "badly_answered",
)
