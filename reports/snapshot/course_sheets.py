"""The sheets about the course: its videos, quizzes and questions, each with its chart; figures as on the pages."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter import Workbook

from database.frames import records
from queries.quizzes.question_analysis import WRONG_KEY, QuestionRow, finding_in_words
from queries.videos.drop_offs import DropOffRow
from queries.videos.lists import VideoRow
from queries.videos.one_video import completion_band
from queries.videos.playback import CurvePoint
from reports.sheets import (
    BLUE,
    PERCENT,
    RATE,
    Field,
    Series,
    add_chart,
    frame_of,
    write_frame,
)
from reports.snapshot.figures import Snapshot
from rules.formatting import timestamp
from rules.limits import GOOD_RATING, LEAST_RATINGS
from rules.visible import visible_line

MOST_BARS = 40
MOST_STOPS = 10  # per video: most lose a viewer or two
RETENTION_COLOURS = (BLUE, "#bf5b00", "#1a7f37")
FINDINGS = {WRONG_KEY: "Answer key may be wrong", "hard": "Hard"}


def course(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """How far students get, video by video."""
    fields = (
        Field("place", "Place", "number", 8),
        Field("title", "Video", "text", 40),
        Field("reached", "Reached"),
        Field("started", "Started"),
        Field("completed", "Completed"),
        Field("stuck", "Stuck here"),
        *([Field("course_title", "Course", "text", 30)] if found.steps["course_title"].any() else []),
    )
    sheet = write_frame(workbook, "Course", fields, found.steps, zone)
    title = "Students who reached each video"
    add_chart(workbook, sheet, "column", title, [Series(2)], len(found.steps), (1, len(fields) + 1))


def videos(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Every published video in course order, and how many complete each."""
    every = found.videos.assign(
        said=[
            completion_band(row.completion_rate_percent, row.unique_viewers) for row in records(found.videos, VideoRow)
        ]
    )
    fields = (
        Field("title", "Video", "text", 40),
        Field("completion_rate_percent", "Completed", "number", 11, RATE),
        Field("unique_viewers", "Viewers"),
        Field("views", "Views"),
        Field("completions", "Completions"),
        Field("avg_watched_percent", "Watched on average", "number", 12, PERCENT),
        Field("duration_seconds", "Length (seconds)"),
        Field("said", "Verdict", "text", 30),
    )
    sheet = write_frame(workbook, "Videos", fields, every, zone)
    bars = min(len(every), MOST_BARS)
    title = "Completion rate" if bars == len(every) else f"Completion rate of the first {MOST_BARS} videos"
    add_chart(workbook, sheet, "bar", title, [Series(1)], bars, (1, 9), "%")


def retention(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Who is still watching, for the videos that lose most viewers; the typical curve as a dashed line."""
    rows: list[dict[str, Any]] = []
    series: list[Series] = []
    for watched, colour in zip(found.worst_videos, RETENTION_COLOURS, strict=False):
        for kind, curve in (("this video", watched.curve), ("typical video", watched.typical)):
            points = [
                {
                    "video": watched.video.title,
                    "line": kind,
                    "position": point.position_percent,
                    "percent": point.retention_percent,
                }
                for point in records(curve, CurvePoint)
            ]
            name = watched.video.title if kind == "this video" else f"Typical for the length of “{watched.video.title}”"
            if points:
                series.append(Series(3, _series_name(name), colour, kind != "this video", len(rows), len(points)))
            rows += points
    fields = (
        Field("video", "Video", "text", 36),
        Field("line", "Line", "text", 16),
        Field("position", "% of the video", "number", 12, "0.0"),
        Field("percent", "% of viewers still watching", "number", 14, "0.0"),
    )
    sheet = write_frame(workbook, "Retention", fields, frame_of(rows, fields), zone)
    if series:
        add_chart(
            workbook, sheet, "scatter", "Who is still watching", series, len(rows), (1, 5), "% of viewers", labels=2
        )


def drop_offs(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Where viewers of these videos stop, with what is said there."""
    rows = [
        {
            "video": watched.video.title,
            "at": timestamp(point.second),
            "lost": point.viewers_lost,
            "reached": point.viewers_reached,
            "percent": point.lost_percent,
            "cliff": point.is_cliff,
            "line": watched.facts.line_at(point.second),
        }
        for watched in found.worst_videos
        for point in records(watched.facts.drop_offs.head(MOST_STOPS), DropOffRow)
    ]
    fields = (
        Field("video", "Video", "text", 36),
        Field("at", "At", "text", 9),
        Field("lost", "Viewers who stop"),
        Field("reached", "of those who get there", "number", 14),
        Field("percent", "Share", "number", 9, PERCENT),
        Field("cliff", "Together", "boolean", 10),
        Field("line", "Said there", "text", 60),
    )
    write_frame(workbook, "Drop-offs", fields, frame_of(rows, fields), zone)


def quizzes(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Every quiz, over all attempts."""
    fields = (
        Field("title", "Quiz", "text", 44),
        Field("pass_rate_percent", "Passed", "number", 10, PERCENT),
        Field("attempts", "Attempts"),
        Field("students", "Students"),
        Field("first_pass_rate_percent", "Passed at the first attempt", "number", 14, PERCENT),
        Field("mean_score_percent", "Mean score", "number", 11, PERCENT),
        Field("is_struggling", "Failed more often than passed", "boolean", 14),
    )
    sheet = write_frame(workbook, "Quizzes", fields, found.quizzes, zone)
    add_chart(workbook, sheet, "bar", "Pass rate", [Series(1)], min(len(found.quizzes), MOST_BARS), (1, 8), "%")


def quiz_questions(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Questions that are hard or seem to have a wrong answer key, with the reason."""
    rows = found.flagged.assign(
        what=found.flagged["finding"].map(FINDINGS),
        reason=[finding_in_words(row) for row in records(found.flagged, QuestionRow)],
    )
    fields = (
        Field("quiz_title", "Quiz", "text", 36),
        Field("number", "Question", "number", 10),
        Field("prompt", "Question", "text", 44),
        Field("what", "Finding", "text", 18),
        Field("answers", "Answers"),
        Field("correct_percent", "Right", "number", 9, PERCENT),
        Field("reason", "Why", "text", 60),
    )
    write_frame(workbook, "Questions to check", fields, rows, zone)


def questions_asked(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """What students asked in the period: most asked, worst answered, unanswered; and how many per day."""
    groups = found.questions
    bad = (groups["ratings"] >= LEAST_RATINGS) & (groups["mean_rating"] < GOOD_RATING)
    rows = groups.assign(rating=100 * groups["mean_rating"], bad=bad)
    fields = (
        Field("question", "Question", "text", 60),
        Field("people", "Students"),
        Field("messages", "Times"),
        Field("people_before", "Students, compared", "number", 12),
        Field("unanswered", "Unanswered"),
        Field("rating", "Rated", "number", 9, PERCENT),
        Field("bad", "Badly answered", "boolean", 10),
    )
    write_frame(workbook, "Questions asked", fields, rows, zone)


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _series_name(name: str) -> str:
    """The name in a legend; a name that begins with "=" would be taken for a cell reference."""
    line = visible_line(name)
    return f"\u200b{line}" if line.startswith("=") else line
