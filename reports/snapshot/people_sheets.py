"""The sheets about key figures, activity and people, each with its chart; figures as on the pages."""

from typing import Any
from zoneinfo import ZoneInfo

from xlsxwriter import Workbook

from charts.engagement import has_playback
from database.frames import records
from findings.finding import Finding
from findings.ranking import recommended
from queries.labels import STUDENT_STATUSES, TIERS
from queries.periods.phrases import compared
from queries.students.reasons import at_risk_reason
from queries.students.rows import AtRiskRow
from queries.students.tiers import TIER_LABELS
from reports.sheets import (
    CHANGE,
    DAY,
    GREY,
    MINUTES,
    PERCENT,
    Field,
    Series,
    add_chart,
    frame_of,
    write_frame,
)
from reports.snapshot.figures import Snapshot
from reports.snapshot.key_figures import window_of
from reports.snapshot.summary import summary
from rules.formatting import hour_of_day


def key_figures(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """The figures of the cover, with what they are compared with."""
    rows = [
        {
            "title": figure.title,
            "number": figure.number,
            "unit": figure.unit,
            "previous": figure.previous,
            "change": figure.change,
            "change_unit": figure.change_unit,
            "compared": figure.compared_with,
            "window": window_of(figure.name, found.period),
        }
        for figure in found.key_figures
    ]
    fields = (
        Field("title", "Figure", "text", 24),
        Field("number", "Value"),
        Field("unit", "Unit", "text", 12),
        Field("previous", "Before"),
        Field("change", "Change", "number", 12, CHANGE),
        Field("change_unit", "Change in", "text", 12),
        Field("compared", "Compared with", "text", 28),
        Field("window", "Over", "text", 20),
    )
    write_frame(workbook, "Key figures", fields, frame_of(rows, fields), zone)


def what_to_do(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """What happened, then what is recommended, then everything else that is worth doing."""
    first = recommended(found.findings.ranked)
    rows: list[dict[str, Any]] = [{"sort": "What happened", "finding": said} for said in summary(found)]
    rows += [{"sort": "Recommended", **_finding(finding)} for finding in first]
    others = [finding for finding in found.findings.ranked if finding not in first]
    rows += [{"sort": "Also found", **_finding(finding)} for finding in others]
    fields = (
        Field("sort", "", "text", 15),
        Field("people", "Students affected", "number", 12),
        Field("finding", "Finding", "text", 70),
        Field("advice", "Recommendation", "text", 70),
    )
    write_frame(workbook, "What to do", fields, frame_of(rows, fields), zone)


def days(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """A row per day of the period, next to the day that it is compared with."""
    this, before = (found.days[found.days["window"] == window] for window in ("this", "previous"))
    beside = before[["shown_at", "active_students"]].rename(columns={"active_students": "before"})
    rows = this.merge(beside, on="shown_at", how="left")
    fields = (
        Field("activity_date", "Day", "instant", 12),
        Field("active_students", "Active students"),
        Field("before", _compared_title(found), "number", 16),
        Field("watched_minutes", "Minutes watched", "number", 12, MINUTES),
        Field("signs_of_life", "Activities"),
        Field("videos_watched", "Videos watched"),
    )
    sheet = write_frame(workbook, "Days", fields, rows, zone, DAY)
    lines = [Series(1), Series(2, colour=GREY, is_dashed=True)]
    add_chart(workbook, sheet, "line", "Active students per day", lines, len(rows), (1, 7))
    shown = 3 if has_playback(found.days) else 4
    title = f"{fields[shown].title} per day"
    add_chart(workbook, sheet, "column", title, [Series(shown)], len(rows), (20, 7))


def _compared_title(found: Snapshot) -> str:
    period = found.period
    return f"Active students, {compared(period) if period.windows else f'{period.days} days earlier'}"


def hours(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Activities per local hour of the day."""
    rows = found.hours.assign(label=[hour_of_day(hour) for hour in found.hours["hour"]])
    fields = (Field("label", "Hour of the day", "text", 16), Field("signs_of_life", "Activities"))
    sheet = write_frame(workbook, "Hours", fields, rows, zone)
    add_chart(workbook, sheet, "column", "Activities per hour of the day", [Series(1)], len(rows), (1, 3))


def tiers(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Students by engagement tier, in the colours of the pages."""
    counted = found.tiers.groupby("engagement_tier")["students"].sum().to_dict()
    total = sum(counted.values())
    rows = [
        {"tier": title, "students": int(counted.get(tier, 0)), "share": _share(counted.get(tier, 0), total)}
        for tier, title in TIERS.items()
    ]
    fields = (
        Field("tier", "Tier", "text", 18),
        Field("students", "Students"),
        Field("share", "Share", "number", 10, PERCENT),
    )
    sheet = write_frame(workbook, "Tiers", fields, frame_of(rows, fields), zone)
    colours = [TIER_LABELS[tier].colour for tier in TIERS]
    add_chart(workbook, sheet, "column", "Students by tier", [Series(1, point_colours=colours)], len(rows), (1, 4))


def at_risk(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Everyone at risk, longest away first, with the reason."""
    people = found.at_risk
    rows = people.assign(
        tier=people["engagement_tier"].map(TIERS),
        state=people["status"].map(STUDENT_STATUSES),
        reason=[at_risk_reason(row) for row in records(people, AtRiskRow)],
    )
    fields = (
        Field("name", "Student", "text", 26),
        Field("email", "Email", "text", 30),
        Field("tier", "Tier", "text", 16),
        Field("silent_days", "Away (days)", "number", 10),
        Field("last_active", f"Last active ({zone.key})", "instant", 20),
        Field("progress_percent", "Progress", "number", 10, PERCENT),
        Field("reason", "Why", "text", 60),
    )
    write_frame(workbook, "At risk", fields, rows, zone)


def _finding(finding: Finding) -> dict[str, Any]:
    return {"people": finding.people, "finding": finding.told, "advice": finding.advice}


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None
