"""The analytics snapshot as an Excel workbook: the figures of the PDF, sheet by sheet, with native charts."""

from collections.abc import Callable
from io import BytesIO
from typing import IO
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter import Workbook

from queries.definitions import help_for, title_of
from queries.periods.period import Period
from reports.exports.table import Table
from reports.exports.xlsx_file import safe_workbook, table_columns, write_sheet
from reports.parts import rendering
from reports.sheets import Field, write_frame
from reports.snapshot import course_sheets, people_sheets
from reports.snapshot.figures import Snapshot, snapshot
from rules.formatting import dated_in_full, timed_in_full

Sheet = Callable[[Workbook, Snapshot, ZoneInfo], None]
SHEETS: tuple[Sheet, ...] = (
    people_sheets.key_figures,
    people_sheets.what_to_do,
    people_sheets.days,
    people_sheets.hours,
    people_sheets.tiers,
    people_sheets.at_risk,
    course_sheets.course,
    course_sheets.videos,
    course_sheets.retention,
    course_sheets.drop_offs,
    course_sheets.quizzes,
    course_sheets.quiz_questions,
    course_sheets.questions_asked,
)
ALL_FIGURES = "All figures"


def snapshot_workbook(
    creator_id: UUID, period: Period, course_id: UUID | None = None, run_id: UUID | None = None
) -> bytes:
    """The workbook of a creator as of now. Raises FeatureAccessDenied and InputError."""
    return workbook_bytes(snapshot(creator_id, period, course_id, run_id))


def workbook_bytes(found: Snapshot) -> bytes:
    """The gathered figures as the bytes of a workbook."""
    buffer = BytesIO()
    write_workbook(found, buffer)
    return buffer.getvalue()


def write_workbook(found: Snapshot, target: IO[bytes], all_figures: Table | None = None) -> None:
    """Write the sheets, "About" with period, time zone and definitions, and optionally the CSV export's rows."""
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
            columns = table_columns(all_figures)
            write_sheet(workbook, ALL_FIGURES, columns, all_figures.batches, all_figures.total)
        _about(workbook, found, zone)


def _about(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    rows = [*_facts(found), *((title_of(name), help_for(name)) for name in _defined(found))]
    fields = (Field("what", "About", "text", 30), Field("meaning", "", "text", 110))
    write_frame(workbook, "About", fields, pd.DataFrame(rows, columns=["what", "meaning"]), zone)


def _facts(found: Snapshot) -> list[tuple[str, str]]:
    computed = timed_in_full(found.data_time) if found.data_time else "not calculated yet"
    return [
        ("Creator", found.creator.shown_name),
        *([("Course", found.course)] if found.course else []),
        ("Period", f"{dated_in_full(found.first_day)} to {dated_in_full(found.last_day)} ({found.period.label})"),
        ("Time zone", f"{found.zone_name}"),
        ("Figures calculated", computed),
        ("Report created", timed_in_full(found.made_at)),
        ("Empty cells", "Not available: nothing to divide by, or the platform does not report it."),
    ]


def _defined(found: Snapshot) -> list[str]:
    """The names of the key figures, then of everything else on the sheets."""
    return list(dict.fromkeys((*(figure.name for figure in found.key_figures), *DEFINED)))


DEFINED = (
    "activity",
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
