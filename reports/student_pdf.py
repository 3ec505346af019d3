"""The progress report of one student as PDF: who, how far, what was watched, attempted and asked, and when."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
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
from database.frames import records
from database.tenancy import tenant_snapshot_tx
from queries.courses.contents import courses_of_contents
from queries.courses.titles import titles_with_course
from queries.students.answers import AttemptRow, StudentQuestionRow, attempts_of_student, questions_of_student
from queries.students.details import StudentDetails, student_details
from queries.students.history import WATCHED_SHOWN, EventRow, WatchedVideoRow, timeline, watch_history
from queries.students.reasons import signal_in_words, silence_in_words, tier_in_words
from queries.students.signals import SignalRow
from queries.students.tiers import TIER_LABELS
from reports.at_course import at_course
from reports.chart_files import ChartFlowable, chart_pdf
from reports.exports.reading import about_creator
from reports.parts import rendering
from reports.pdf.document import pdf_bytes
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import BODY, CONTENT_WIDTH, HEADING, NOTE, QUIET, STRONG, SUBHEADING, TITLE
from reports.pdf.tables import Column, table, tiles
from reports.pdf.text import safe_markup, shortened
from rules.errors import InputError
from rules.formatting import grouped, out_of, percent, timed, timed_in_full, timestamp
from rules.sentences import always

FIGURE = ParagraphStyle("student-figure", STRONG, fontSize=15, leading=20)
TILE_TITLE = ParagraphStyle("student-tile-title", BODY, fontSize=9, textColor=QUIET)
NAME_CHARACTERS = 90
MOST_ROWS = 2_000  # of a list; the progress export has every row as data

EVENTS = {
    "enrolled": "Enrolled",
    "first_video": "Started the first video",
    "completed": "Completed",
    "passed": "Passed",
    "failed": "Failed",
    "asked": "Asked",
    "silence": "Away",
    "came_back": "Came back",
}


def student_report(
    creator_id: UUID, student_id: UUID, course_id: UUID | None = None, run_id: UUID | None = None
) -> bytes:
    """The report on one student of the creator as of now, for all courses or one.

    Raises InputError for a student who is unknown, deleted, another creator's or not in the course, for an unknown
    course, and if the creator's tier does not include reports.
    """
    with tenant_snapshot_tx(creator_id) as connection, at_course(creator_id, course_id, run_id) as course:
        about_creator(connection, creator_id)
        creator = creator_of_id(creator_id)
        details = _everything(creator_id, student_id)
        courses = courses_of_contents(creator_id)
    if details is None:
        where = f" in {course}" if course else ""
        raise InputError(f"{creator.name} has no student {student_id}{where}.")
    return _pdf(Reported(creator, course, courses), details)


def _everything(creator_id: UUID, student_id: UUID) -> StudentDetails | None:
    """The details with all rows of every list, of which the page shows the first; inside one snapshot."""
    details = student_details.fresh(creator_id, student_id)
    if details is None:
        return None
    return replace(
        details,
        watched=watch_history.fresh(creator_id, student_id, 0, MOST_ROWS),
        attempts=attempts_of_student.fresh(creator_id, student_id, MOST_ROWS),
        questions=questions_of_student.fresh(creator_id, student_id, MOST_ROWS),
        timeline=timeline.fresh(creator_id, student_id, 0, MOST_ROWS),
    )


@dataclass(frozen=True)
class Reported:
    """Whose student it is, in which course ("": all), and the course of each video and quiz if there are several."""

    creator: Creator
    course: str
    courses: Mapping[UUID, str]


def _pdf(of: Reported, details: StudentDetails) -> bytes:
    creator = of.creator
    made_at = now().astimezone(ZoneInfo(creator.timezone))
    title = f"Progress report on {details.student.name}"
    with rendering(f"the progress report on student {details.student.student_id} of creator {creator.id}"):
        story = [
            *_profile(of, details, made_at),
            *_course(of, details),
            *_watched(of, details),
            *_attempts(of, details),
            *_questions(details, creator.timezone),
            *_timeline(details, creator.timezone),
        ]
        return pdf_bytes(title, story, made_at)


def _profile(of: Reported, details: StudentDetails, made_at: datetime) -> list[Flowable]:
    creator, student = of.creator, details.student
    label = TIER_LABELS[student.engagement_tier]
    tier = f'<font color="{label.colour}"><b>{label.text}</b></font>: {safe_markup(tier_in_words(student))}'
    figures = [
        ("Progress", percent(student.progress_percent)),
        ("Videos completed", f"{out_of(student.videos_completed, student.published_videos)}"),
        ("Quizzes passed", f"{out_of(student.quizzes_passed, student.quiz_attempts, 'attempt')}"),
        ("Questions asked", grouped(student.questions_asked)),
    ]
    return [
        Paragraph("Student progress report", NOTE),
        plain_paragraph(shortened(student.name, NAME_CHARACTERS), TITLE),
        plain_paragraph(
            f"{creator.shown_name} · {timed_in_full(made_at)} ({creator.timezone.replace('_', ' ')})", NOTE
        ),
        *([plain_paragraph(f"Course: {shortened(of.course, NAME_CHARACTERS)}", NOTE)] if of.course else []),
        Spacer(0, 8),
        Paragraph(tier, BODY),
        plain_paragraph(silence_in_words(student), BODY),
        *(plain_paragraph(signal_in_words(signal), BODY) for signal in records(details.signals, SignalRow)),
        Spacer(0, 8),
        tiles([[Paragraph(title, TILE_TITLE), Paragraph(value, FIGURE)] for title, value in figures], 4),
    ]


def _course(of: Reported, details: StudentDetails) -> list[Flowable]:
    """A strip of videos; for several courses one each, below the course's name."""
    heading = Paragraph("Course progress", HEADING)
    if details.course.empty:
        return [heading, Paragraph("No video is published yet.", BODY)]
    named = details.course.assign(course=[of.courses.get(video_id, "") for video_id in details.course["video_id"]])
    strips: list[Flowable] = [heading]
    for name, videos in named.groupby("course", sort=False):
        strips += [plain_paragraph(shortened(str(name), NAME_CHARACTERS), SUBHEADING)] if name else []
        strips.append(_chart(course_strip(videos.assign(place=range(1, len(videos) + 1))), "course progress", details))
    return strips


def _watched(of: Reported, details: StudentDetails) -> list[Flowable]:
    heading = Paragraph("Watched", HEADING)
    if details.watched.rows.empty:
        return [heading, Paragraph("No videos started yet.", BODY)]
    rows = titles_with_course(details.watched.rows, of.courses)
    drawn = rows.head(WATCHED_SHOWN)
    shown = f"What was played of the last {out_of(len(drawn), len(rows), 'video')}, last watched first."
    strips = _chart(watched_strips(drawn, details.ranges), "watched", details)
    return [
        KeepTogether([heading, Paragraph(shown, NOTE), strips]),
        Spacer(0, 8),
        _watched_table(rows, of.creator.timezone),
        *_cut(rows),
    ]


def _watched_table(videos: pd.DataFrame, timezone: str) -> Flowable:
    rows = [
        [
            row.title,
            "Yes" if row.completed else "No",
            percent(row.watched_percent),
            _moment(row.first_watched, timezone),
            _moment(row.last_watched, timezone),
        ]
        for row in records(videos, WatchedVideoRow)
    ]
    columns = [
        Column("Video", 4),
        Column("Completed", 1.2),
        Column("Watched", 1.1, True),
        Column("First watched", 1.9),
        Column("Last watched", 1.9),
    ]
    return table(columns, rows)


def _attempts(of: Reported, details: StudentDetails) -> list[Flowable]:
    heading = Paragraph("Quiz attempts", HEADING)
    if details.attempts.empty:
        return [heading, Paragraph("No quizzes taken yet.", BODY)]
    rows = [
        [
            row.quiz_title,
            f"{row.attempt_number}",
            percent(row.score_percent),
            "Passed" if row.passed else "Failed",
            "-" if row.time_taken_seconds is None else timestamp(row.time_taken_seconds),
            _moment(row.completed_at, of.creator.timezone),
        ]
        for row in records(titles_with_course(details.attempts, of.courses, "quiz_id", "quiz_title"), AttemptRow)
    ]
    columns = [
        Column("Quiz", 4),
        Column("Attempt", 1, True),
        Column("Score", 1, True),
        Column("Result", 1),
        Column("Time", 1, True),
        Column("When", 2),
    ]
    return [heading, table(columns, rows), *_cut(details.attempts)]


def _questions(details: StudentDetails, timezone: str) -> list[Flowable]:
    heading = Paragraph("Questions asked", HEADING)
    if details.questions.empty:
        return [heading, Paragraph("No questions asked yet.", BODY)]
    rows = [
        [
            row.question,
            "Unanswered" if row.answer_told is None else row.answer_told,
            _moment(row.created_at, timezone),
        ]
        for row in records(details.questions, StudentQuestionRow)
    ]
    return [
        heading,
        table([Column("Question", 3), Column("Answer", 4), Column("When", 1.6)], rows),
        *_cut(details.questions),
    ]


def _timeline(details: StudentDetails, timezone: str) -> list[Flowable]:
    rows = [
        [_moment(row.occurred_at, timezone), EVENTS[row.kind], _event(row)]
        for row in records(details.timeline.rows, EventRow)
    ]
    return [
        Paragraph("Timeline, newest first", HEADING),
        table([Column("When", 2), Column("Event", 2), Column("", 5)], rows),
        *_cut(details.timeline.rows),
    ]


def _cut(rows: pd.DataFrame) -> list[Flowable]:
    said = always(f"These are the newest {grouped(MOST_ROWS)}; the CSV, JSON and Excel exports have every one.")
    return [Paragraph(said, NOTE)] if len(rows) >= MOST_ROWS else []


def _event(row: EventRow) -> str:
    if row.kind in ("silence", "came_back"):
        return "" if row.days is None else f"{grouped(row.days)} days away"
    subject = row.subject or ""
    return subject if row.score_percent is None else f"{subject} ({percent(row.score_percent)})"


def _chart(drawn: Any, name: str, details: StudentDetails) -> ChartFlowable:
    return ChartFlowable(chart_pdf(drawn, f"the chart “{name}” of student {details.student.student_id}"), CONTENT_WIDTH)


def _moment(at: datetime, timezone: str) -> str:
    return timed(at.astimezone(ZoneInfo(timezone)))
