"""Engagement and students in the snapshot."""

from operator import itemgetter
from typing import Any

from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from charts.engagement import daily_active_users_line, has_playback, learning_activity_bars, peak_hours_bars
from charts.funnel import funnel_bars
from database.frames import records
from queries.changes import round_half_up, share_percent
from queries.funnel import steepest_drop
from queries.reasons import at_risk_reason
from queries.tiers import TIER_LABELS
from reports.chart_files import ChartFlowable, chart_pdf
from reports.pdf.styles import BODY, CONTENT_WIDTH, HEADING, NOTE, SUBHEADING
from reports.pdf.tables import Column, share_bar, table
from reports.pdf.text import safe_markup
from reports.snapshot import Snapshot

CHART_HEIGHT, SMALL_CHART_HEIGHT = 200, 150
AT_RISK_LISTED = 40
STEP_HEIGHT, ROOM_FOR_LEGEND = 16, 40
MOST_TITLES = 20  # in the funnel: more would fill a page, and the list of videos has them in the same order


def engagement(found: Snapshot) -> list[Flowable]:
    """Who was there each day, how much was watched, and at which hours."""
    heading = Paragraph("Engagement", HEADING)
    if not found.days["active_students"].any():
        return [heading, Paragraph("Nobody was active in this period or in the one before it.", BODY)]
    activity = "Minutes watched per day" if has_playback(found.days) else "Activities per day"
    return [
        heading,
        Paragraph(_engagement_sentence(found), BODY),
        Paragraph("Active students per day", SUBHEADING),
        chart(daily_active_users_line(found.days), "active students per day", found, CHART_HEIGHT),
        Paragraph(activity, SUBHEADING),
        chart(learning_activity_bars(found.days), "activity per day", found, SMALL_CHART_HEIGHT),
        Paragraph("Activities per hour of the day", SUBHEADING),
        chart(peak_hours_bars(found.hours), "activities per hour", found, SMALL_CHART_HEIGHT),
    ]


def students(found: Snapshot) -> list[Flowable]:
    """Students by tier, how far they get, and everyone at risk."""
    heading = Paragraph("Students", HEADING)
    if found.tiers.empty:
        return [heading, Paragraph("Nobody is enrolled yet.", BODY)]
    return [heading, Paragraph("By engagement tier", SUBHEADING), *_tiers(found), *_course(found), *_at_risk(found)]


def chart(drawn: Any, name: str, found: Snapshot, height: float | None = None) -> ChartFlowable:
    """A chart of `charts` over the width of the page; the name says which, without what people wrote."""
    about = f"the chart “{name}” of creator {found.creator.id}"
    return ChartFlowable(chart_pdf(drawn, about, height=height), CONTENT_WIDTH)


def _engagement_sentence(found: Snapshot) -> str:
    share = share_percent(found.active.active_students, found.stats.total_students)
    busiest = max(records(found.hours), key=itemgetter("signs_of_life"))["hour"]
    minutes = found.session_minutes
    visit = "" if minutes is None else f" A visit lasts {round_half_up(minutes)} minutes on average."
    return (
        f"{found.active.active_students:,} students, {'-' if share is None else share} % of all, were active "
        f"in the last {found.period.label}, most of them in the hour from {busiest:02d}:00.{visit}"
    )


def _tiers(found: Snapshot) -> list[Flowable]:
    counted = found.tiers.groupby("engagement_tier")["students"].sum().to_dict()
    total = sum(counted.values())
    present = [(label, int(counted.get(tier, 0))) for tier, label in TIER_LABELS.items()]
    rows = [[label.text, f"{count:,}", f"{share_percent(count, total)} %"] for label, count in present]
    columns = [Column("Tier", 4), Column("Students", 1, True), Column("Share", 1, True)]
    marks = [label.colour for label, _ in present]
    bar = share_bar([(label.colour, count) for label, count in present])
    return [KeepTogether([bar, Spacer(0, 4), table(columns, rows, marks=marks)])]


def _course(found: Snapshot) -> list[Flowable]:
    drop = steepest_drop(found.steps)
    if found.steps.empty or not found.steps["reached"].any():
        return []
    drawn = funnel_bars(found.steps, drop.place if drop else None, MOST_TITLES)
    said = (
        f"{drop.lost:,} of {drop.reached:,} stop after “{drop.title}”: the steepest drop."
        if drop
        else "No step of the course stands out."
    )
    is_upright = len(found.steps) > MOST_TITLES
    height = CHART_HEIGHT if is_upright else STEP_HEIGHT * len(found.steps) + ROOM_FOR_LEGEND
    placed = chart(drawn, "how far they get", found, height)
    return [Paragraph("How far they get", SUBHEADING), Paragraph(safe_markup(said), BODY), placed]


def _at_risk(found: Snapshot) -> list[Flowable]:
    heading = Paragraph("At risk, longest silent first", SUBHEADING)
    if found.at_risk.empty:
        return [heading, Paragraph("Nobody has been silent for over a week without finishing.", BODY)]
    rows = [
        [
            str(row["name"]),
            TIER_LABELS[row["engagement_tier"]].text,
            f"{round_half_up(row['progress_percent'])} %",
            at_risk_reason(row),
        ]
        for row in records(found.at_risk.head(AT_RISK_LISTED))
    ]
    columns = [Column("Student", 3), Column("Tier", 1.6), Column("Progress", 1.2, True), Column("Why", 5)]
    left = len(found.at_risk) - AT_RISK_LISTED
    more = (
        [Paragraph(f"And {left:,} more; the workbook and the page Students list everyone.", NOTE)] if left > 0 else []
    )
    return [heading, table(columns, rows), *more, Spacer(0, 4)]
