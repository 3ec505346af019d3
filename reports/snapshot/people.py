"""Engagement and students in the snapshot."""

from itertools import chain
from typing import Any

import pandas as pd
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from charts.engagement import daily_active_users_line, has_playback, learning_activity_bars, peak_hours_bars
from charts.funnel import funnel_bars
from database.frames import records
from findings.people import nobody_away
from queries.courses.funnel import steepest_drop
from queries.courses.titles import steps_by_course
from queries.overview.engagement import HourRow
from queries.periods.changes import share_percent
from queries.periods.phrases import in_period
from queries.students.reasons import at_risk_reason
from queries.students.rows import AtRiskRow
from queries.students.tiers import TIER_LABELS
from reports.chart_files import ChartFlowable, chart_pdf
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import BODY, CONTENT_WIDTH, HEADING, NOTE, STRONG, SUBHEADING
from reports.pdf.tables import Column, share_bar, table
from reports.snapshot.figures import Snapshot
from rules.formatting import about_minutes, agreeing, counted, grouped, hour_of_day, out_of, percent, percent_of_people
from rules.sentences import sentence

CHART_HEIGHT, SMALL_CHART_HEIGHT = 200, 150
AT_RISK_LISTED = 40
STEP_HEIGHT, ROOM_FOR_LEGEND = 16, 40
MOST_TITLES = 20  # in the funnel: more would fill a page, and the list of videos has them in the same order


def engagement(found: Snapshot) -> list[Flowable]:
    """Who was active each day, how much was watched, and at which hours."""
    heading = Paragraph("Engagement", HEADING)
    if not found.days["active_students"].any():
        return [heading, Paragraph("No students were active in this period or the one it is compared with.", BODY)]
    activity = "Minutes watched per day" if has_playback(found.days) else "Activities per day"
    return [
        heading,
        Paragraph(engagement_sentence(found), BODY),
        Paragraph("Active students per day", SUBHEADING),
        chart(daily_active_users_line(found.days, found.timeline), "active students per day", found, CHART_HEIGHT),
        Paragraph(activity, SUBHEADING),
        chart(learning_activity_bars(found.days, found.timeline), "activity per day", found, SMALL_CHART_HEIGHT),
        Paragraph("Activities per hour of the day", SUBHEADING),
        chart(peak_hours_bars(found.hours), "activities per hour", found, SMALL_CHART_HEIGHT),
    ]


def students(found: Snapshot) -> list[Flowable]:
    """Students by tier, how far they get, and everyone at risk."""
    heading = Paragraph("Students", HEADING)
    if found.tiers.empty:
        return [heading, Paragraph("No students have enrolled yet.", BODY)]
    return [heading, Paragraph("By engagement tier", SUBHEADING), *_tiers(found), *_courses(found), *_at_risk(found)]


def chart(drawn: Any, name: str, found: Snapshot, height: float | None = None) -> ChartFlowable:
    """A chart of `charts` over the width of the page; the name says which one, without user text."""
    about = f"the chart “{name}” of creator {found.creator.id}"
    return ChartFlowable(chart_pdf(drawn, about, height=height), CONTENT_WIDTH)


@sentence
def engagement_sentence(found: Snapshot) -> str:
    active, total = found.active.active_students, found.stats.total_students
    if not active:
        return f"No students were active {in_period(found.period)}."
    busiest = max(records(found.hours, HourRow), key=lambda hour: hour.signs_of_life).hour
    minutes = found.session_minutes
    visit = "" if minutes is None else f" A visit lasts {about_minutes(minutes)} on average."
    return (
        f"{counted(active, 'student')}, {percent_of_people(100 * active / total)} of all, "
        f"{agreeing(active, 'was', 'were')} active "
        f"{in_period(found.period)}, with most activity in the hour from {hour_of_day(busiest)}.{visit}"
    )


def _tiers(found: Snapshot) -> list[Flowable]:
    counted = found.tiers.groupby("engagement_tier")["students"].sum().to_dict()
    total = sum(counted.values())
    present = [(label, int(counted.get(tier, 0))) for tier, label in TIER_LABELS.items()]
    rows = [[label.text, grouped(count), percent(share_percent(count, total))] for label, count in present]
    columns = [Column("Tier", 4), Column("Students", 1, True), Column("Share", 1, True)]
    marks = [label.colour for label, _ in present]
    bar = share_bar([(label.colour, count) for label, count in present])
    return [KeepTogether([bar, Spacer(0, 4), table(columns, rows, marks=marks)])]


def _courses(found: Snapshot) -> list[Flowable]:
    """How far students get, course by course."""
    told = [_course(found, course, steps) for course, steps in steps_by_course(found.steps) if steps["reached"].any()]
    return [Paragraph("How far they get", SUBHEADING), *chain.from_iterable(told)] if told else []


def _course(found: Snapshot, course: str, steps: pd.DataFrame) -> list[Flowable]:
    drop = steepest_drop(steps)
    drawn = funnel_bars(steps, drop.place if drop else None, MOST_TITLES)
    said = (
        f"{out_of(drop.lost, drop.reached)} stop after “{drop.title}”: the steepest drop."
        if drop
        else "No step of the course stands out."
    )
    is_upright = len(steps) > MOST_TITLES
    height = CHART_HEIGHT if is_upright else STEP_HEIGHT * len(steps) + ROOM_FOR_LEGEND
    placed = chart(drawn, "how far they get", found, height)
    named = [plain_paragraph(course, STRONG)] if course else []
    return [*named, plain_paragraph(said, BODY), placed]


def _at_risk(found: Snapshot) -> list[Flowable]:
    heading = Paragraph("At risk, longest away first", SUBHEADING)
    if all_well := nobody_away(len(found.at_risk)):
        return [heading, Paragraph(all_well, BODY)]
    rows = [
        [
            row.name,
            TIER_LABELS[row.engagement_tier].text,
            percent(row.progress_percent),
            at_risk_reason(row),
        ]
        for row in records(found.at_risk.head(AT_RISK_LISTED), AtRiskRow)
    ]
    columns = [Column("Student", 3), Column("Tier", 1.6), Column("Progress", 1.2, True), Column("Why", 5)]
    left = len(found.at_risk) - AT_RISK_LISTED
    more = (
        [Paragraph(f"And {grouped(left)} more; the Excel report and the Students page list everyone.", NOTE)]
        if left > 0
        else []
    )
    return [heading, table(columns, rows), *more, Spacer(0, 4)]
