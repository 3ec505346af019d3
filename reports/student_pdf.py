"""The progress report of one student as PDF: who, how far, what was watched, tried, asked, and when."""

from datetime import datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pandas as pd
from reportlab.lib.styles import ParagraphStyle
from reportlab.platypus import Flowable, KeepTogether, Paragraph, Spacer

from charts.student import course_strip, watched_strips
from database.clock import now
from database.creators import Creator, creator_of_id
from database.errors import InputError
from database.frames import records
from database.tenancy import tenant_snapshot_tx
from queries.changes import round_half_up
from queries.reasons import signal_in_words, silence_in_words, tier_in_words
from queries.spoken_lines import timestamp
from queries.student_details import StudentDetails, student_details
from queries.tiers import TIER_LABELS
from reports.chart_files import ChartFlowable, chart_pdf
from reports.exports.reading import about_creator
from reports.parts import rendering
from reports.pdf.document import pdf_bytes
from reports.pdf.styles import BODY, CONTENT_WIDTH, HEADING, NOTE, QUIET, STRONG, TITLE
from reports.pdf.tables import Column, table, tiles
from reports.pdf.text import safe_markup, shortened
from reports.pdf.words import words

FIGURE = ParagraphStyle("student-figure", STRONG, fontSize=15, leading=20)
TILE_TITLE = ParagraphStyle("student-tile-title", BODY, fontSize=9, textColor=QUIET)
NAME_CHARACTERS, QUESTIONS_LISTED = 90, 30

EVENTS = {
    "enrolled": "Enrolled",
    "first_video": "Started the first video",
    "completed": "Completed",
    "passed": "Passed",
    "failed": "Failed",
    "asked": "Asked",
    "silence": "Fell silent",
    "came_back": "Came back",
}


def student_report(creator_id: UUID, student_id: UUID) -> bytes:
    """The report on one student of the creator as of now.

    Raises InputError for a student who is unknown, deleted or another creator's, and where the
    creator's tier does not include reports.
    """
    with tenant_snapshot_tx(creator_id) as connection:
        about_creator(connection, creator_id)
        creator = creator_of_id(creator_id)
        details = student_details.fresh(creator_id, student_id)
    if details is None:
        raise InputError(f"There is no student {student_id} among those of {creator.name}.")
    return _pdf(creator, details)


def _pdf(creator: Creator, details: StudentDetails) -> bytes:
    made_at = now().astimezone(ZoneInfo(creator.timezone))
    title = f"Progress report on {details.student['name']}"
    with rendering(f"the progress report on student {details.student['student_id']} of creator {creator.id}"):
        story = [
            *_profile(creator, details, made_at),
            *_course(details),
            *_watched(details),
            *_attempts(details, creator.timezone),
            *_questions(details, creator.timezone),
            *_timeline(details, creator.timezone),
        ]
        return pdf_bytes(title, story, made_at)


def _profile(creator: Creator, details: StudentDetails, made_at: datetime) -> list[Flowable]:
    student = details.student
    label = TIER_LABELS[student["engagement_tier"]]
    tier = f'<font color="{label.colour}"><b>{label.text}</b></font>: {safe_markup(tier_in_words(student))}'
    figures = [
        ("Progress", _percent(student["progress_percent"])),
        ("Videos completed", f"{student['videos_completed']:,} of {student['published_videos']:,}"),
        ("Quizzes passed", f"{student['quizzes_passed']:,} of {student['quiz_attempts']:,} attempts"),
        ("Questions asked", f"{student['questions_asked']:,}"),
    ]
    return [
        Paragraph("Student progress report", NOTE),
        words(shortened(str(student["name"]), NAME_CHARACTERS), TITLE),
        words(f"{creator.name} · {made_at:%-d %B %Y, %H:%M} ({creator.timezone.replace('_', ' ')})", NOTE),
        Spacer(0, 8),
        Paragraph(tier, BODY),
        Paragraph(safe_markup(silence_in_words(student)), BODY),
        *(words(signal_in_words(signal), BODY) for signal in records(details.signals)),
        Spacer(0, 8),
        tiles([[Paragraph(title, TILE_TITLE), Paragraph(value, FIGURE)] for title, value in figures], 4),
    ]


def _course(details: StudentDetails) -> list[Flowable]:
    heading = Paragraph("Course progress", HEADING)
    if details.course.empty:
        return [heading, Paragraph("No video is published yet.", BODY)]
    return [heading, _chart(course_strip(details.course), "course progress", details)]


def _watched(details: StudentDetails) -> list[Flowable]:
    heading = Paragraph("Watched", HEADING)
    if details.watched.rows.empty:
        return [heading, Paragraph("No video was started yet.", BODY)]
    shown = f"The last {len(details.watched.rows):,} of {details.watched.total:,} videos, the last watched first."
    strips = _chart(watched_strips(details.watched.rows, details.ranges), "watched", details)
    return [KeepTogether([heading, Paragraph(shown, NOTE), strips])]


def _attempts(details: StudentDetails, timezone: str) -> list[Flowable]:
    heading = Paragraph("Quiz attempts", HEADING)
    if details.attempts.empty:
        return [heading, Paragraph("No quiz was tried yet.", BODY)]
    rows = [
        [
            row["quiz_title"],
            f"{row['attempt_number']}",
            _percent(row["score_percent"]),
            "Passed" if row["passed"] else "Failed",
            "-" if pd.isna(row["time_taken_seconds"]) else timestamp(row["time_taken_seconds"]),
            _moment(row["completed_at"], timezone),
        ]
        for row in records(details.attempts)
    ]
    columns = [
        Column("Quiz", 4),
        Column("Attempt", 1, True),
        Column("Score", 1, True),
        Column("Result", 1),
        Column("Time", 1, True),
        Column("When", 2),
    ]
    return [heading, table(columns, rows)]


def _questions(details: StudentDetails, timezone: str) -> list[Flowable]:
    heading = Paragraph("Questions asked", HEADING)
    if details.questions.empty:
        return [heading, Paragraph("Nothing was asked yet.", BODY)]
    rows = [
        [
            row["question"],
            "Unanswered" if pd.isna(row["answer"]) else row["answer"],
            _moment(row["created_at"], timezone),
        ]
        for row in records(details.questions.head(QUESTIONS_LISTED))
    ]
    return [heading, table([Column("Question", 3), Column("Answer", 4), Column("When", 1.6)], rows)]


def _timeline(details: StudentDetails, timezone: str) -> list[Flowable]:
    rows = [
        [_moment(row["occurred_at"], timezone), EVENTS[row["kind"]], _event(row)]
        for row in records(details.timeline.rows)
    ]
    return [
        Paragraph("Timeline, newest first", HEADING),
        table([Column("When", 2), Column("What", 2), Column("", 5)], rows),
    ]


def _event(row: dict[str, Any]) -> str:
    if row["kind"] in ("silence", "came_back"):
        return "" if pd.isna(row["days"]) else f"{int(row['days']):,} days of silence"
    subject = "" if pd.isna(row["subject"]) else str(row["subject"])
    return subject if pd.isna(row["score_percent"]) else f"{subject} ({_percent(row['score_percent'])})"


def _chart(drawn: Any, name: str, details: StudentDetails) -> ChartFlowable:
    return ChartFlowable(
        chart_pdf(drawn, f"the chart “{name}” of student {details.student['student_id']}"), CONTENT_WIDTH
    )


def _percent(value: float | None) -> str:
    return "-" if value is None or pd.isna(value) else f"{round_half_up(value)} %"


def _moment(at: pd.Timestamp, timezone: str) -> str:
    return f"{at.tz_convert(timezone):%-d %b %Y, %H:%M}"
