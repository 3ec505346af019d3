"""The sheets of a snapshot workbook, each with its chart; every figure is that of the page of the same name."""

from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
from xlsxwriter import Workbook

from charts.engagement import has_playback
from database.frames import records
from queries.chat_questions import GOOD_RATING, RATINGS_TO_JUDGE
from queries.question_analysis import WRONG_KEY, finding_in_words
from queries.reasons import at_risk_reason
from queries.spoken_lines import timestamp
from queries.tiers import TIER_LABELS
from queries.video import completion_band
from queries.words import STUDENT_STATUSES, TIERS
from reports.insights import recommendations
from reports.sheets import BLUE, CHANGE, DAY, GREY, MINUTES, PERCENT, RATE, Field, Series, add_chart, write_frame
from reports.snapshot import Snapshot
from reports.summary import summary
from rules.visible import visible_line

MOST_BARS = 40
MOST_STOPS = 10  # of a video: most lose a viewer or two
RETENTION_COLOURS = (BLUE, "#bf5b00", "#1a7f37")
FINDINGS = {WRONG_KEY: "Key may be wrong", "hard": "Hard"}


def key_figures(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """The figures of the cover, with what they are compared with."""
    rows = [
        {
            "title": figure.title,
            "number": figure.number,
            "unit": figure.unit,
            "previous": figure.previous,
            "change": figure.change_percent,
            "compared": figure.compared_with,
        }
        for figure in found.key_figures
    ]
    fields = (
        Field("title", "Figure", "text", 24),
        Field("number", "Value"),
        Field("unit", "Unit", "text", 12),
        Field("previous", "Before"),
        Field("change", "Change", "number", 12, CHANGE),
        Field("compared", "Compared with", "text", 28),
    )
    write_frame(workbook, "Key figures", fields, _frame(rows, fields), zone)


def what_to_do(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """What happened, then what is recommended, then everything else that is worth doing."""
    first = recommendations(found.actions)
    rows: list[dict[str, Any]] = [{"sort": "What happened", "finding": said} for said in summary(found)]
    rows += [{"sort": "Recommended", **_action(action)} for action in first]
    rows += [{"sort": "Also found", **_action(action)} for action in found.actions if action not in first]
    fields = (
        Field("sort", "", "text", 15),
        Field("people", "Students concerned", "number", 12),
        Field("finding", "What was found", "text", 70),
        Field("advice", "What you can do", "text", 70),
    )
    write_frame(workbook, "What to do", fields, _frame(rows, fields), zone)


def days(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """A row per day of the period, beside the day of the period before that it is compared with."""
    this, before = (found.days[found.days["window"] == window] for window in ("this", "previous"))
    beside = before[["shown_at", "active_students"]].rename(columns={"active_students": "before"})
    rows = this.merge(beside, on="shown_at")
    fields = (
        Field("activity_date", "Day", "instant", 12),
        Field("active_students", "Active students"),
        Field("before", f"Active students, {found.period.days} days earlier", "number", 16),
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


def hours(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Activities per local hour of the day."""
    rows = found.hours.assign(label=[f"{hour:02d}:00" for hour in found.hours["hour"]])
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
    sheet = write_frame(workbook, "Tiers", fields, _frame(rows, fields), zone)
    colours = [TIER_LABELS[tier].colour for tier in TIERS]
    add_chart(workbook, sheet, "column", "Students by tier", [Series(1, point_colours=colours)], len(rows), (1, 4))


def at_risk(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Everyone at risk, longest silent first, with the reason."""
    people = found.at_risk
    rows = people.assign(
        tier=people["engagement_tier"].map(TIERS),
        state=people["status"].map(STUDENT_STATUSES),
        reason=[at_risk_reason(row) for row in records(people)],
    )
    fields = (
        Field("name", "Student", "text", 26),
        Field("email", "E-mail", "text", 30),
        Field("tier", "Tier", "text", 16),
        Field("silent_days", "Silent (days)", "number", 10),
        Field("last_active", f"Last active ({zone.key})", "instant", 20),
        Field("progress_percent", "Progress", "number", 10, PERCENT),
        Field("reason", "Why", "text", 60),
    )
    write_frame(workbook, "At risk", fields, rows, zone)


def videos(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Every published video in the order of the course, and how many complete each."""
    every = found.videos.assign(
        said=[
            completion_band(_known(row["completion_rate_percent"]), row["unique_viewers"])
            for row in records(found.videos)
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
        Field("said", "What the rate says", "text", 30),
    )
    sheet = write_frame(workbook, "Videos", fields, every, zone)
    bars = min(len(every), MOST_BARS)
    title = "Completion rate" if bars == len(every) else f"Completion rate of the first {MOST_BARS} videos"
    add_chart(workbook, sheet, "bar", title, [Series(1)], bars, (1, 9), "%")


def retention(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Who is still watching, for the videos that lose most viewers; the usual curve as a dashed line."""
    rows: list[dict[str, Any]] = []
    series: list[Series] = []
    for watched, colour in zip(found.worst_videos, RETENTION_COLOURS, strict=False):
        for kind, curve in (("this video", watched.curve), ("the usual video", watched.typical)):
            points = [
                {
                    "video": watched.video.title,
                    "line": kind,
                    "position": point["position_percent"],
                    "percent": point["retention_percent"],
                }
                for point in records(curve)
            ]
            name = watched.video.title if kind == "this video" else f"Usual, as long as “{watched.video.title}”"
            if points:
                series.append(Series(3, _series_name(name), colour, kind != "this video", len(rows), len(points)))
            rows += points
    fields = (
        Field("video", "Video", "text", 36),
        Field("line", "Line", "text", 16),
        Field("position", "% of the video", "number", 12, "0.0"),
        Field("percent", "% of viewers still watching", "number", 14, "0.0"),
    )
    sheet = write_frame(workbook, "Retention", fields, _frame(rows, fields), zone)
    if series:
        add_chart(
            workbook, sheet, "scatter", "Who is still watching", series, len(rows), (1, 5), "% of viewers", labels=2
        )


def drop_offs(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Where viewers of these videos stop, with what is said there."""
    rows = [
        {
            "video": watched.video.title,
            "at": timestamp(point["second"]),
            "lost": point["viewers_lost"],
            "reached": point["viewers_reached"],
            "percent": point["lost_percent"],
            "cliff": bool(point["is_cliff"]),
            "line": watched.facts.line_at(point["second"]),
        }
        for watched in found.worst_videos
        for point in records(watched.facts.drop_offs.head(MOST_STOPS))
    ]
    fields = (
        Field("video", "Video", "text", 36),
        Field("at", "At", "text", 9),
        Field("lost", "Viewers who stop"),
        Field("reached", "of those who get there", "number", 14),
        Field("percent", "Share", "number", 9, PERCENT),
        Field("cliff", "Together", "boolean", 10),
        Field("line", "What is said there", "text", 60),
    )
    write_frame(workbook, "Drop-offs", fields, _frame(rows, fields), zone)


def course(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """How far students get, video by video."""
    fields = (
        Field("place", "Place", "number", 8),
        Field("title", "Video", "text", 40),
        Field("reached", "Reached"),
        Field("started", "Started"),
        Field("completed", "Completed"),
        Field("stuck", "Stuck here"),
    )
    sheet = write_frame(workbook, "Course", fields, found.steps, zone)
    title = "Students who reached each video"
    add_chart(workbook, sheet, "column", title, [Series(2)], len(found.steps), (1, 7))


def quizzes(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """Every quiz, all attempts so far."""
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
    """Questions that are hard or seem to have the wrong key, with the reason."""
    rows = found.flagged.assign(
        what=found.flagged["finding"].map(FINDINGS), reason=[finding_in_words(row) for row in records(found.flagged)]
    )
    fields = (
        Field("quiz_title", "Quiz", "text", 36),
        Field("number", "Question", "number", 10),
        Field("prompt", "What is asked", "text", 44),
        Field("what", "Finding", "text", 18),
        Field("answers", "Answers"),
        Field("correct_percent", "Right", "number", 9, PERCENT),
        Field("reason", "Why", "text", 60),
    )
    write_frame(workbook, "Questions to check", fields, rows, zone)


def questions_asked(workbook: Workbook, found: Snapshot, zone: ZoneInfo) -> None:
    """What students asked in the period: most asked, worst answered, unanswered; and how many a day."""
    groups = found.questions
    bad = (groups["ratings"] >= RATINGS_TO_JUDGE) & (groups["mean_rating"] < GOOD_RATING)
    rows = groups.assign(rating=100 * groups["mean_rating"], bad=bad)
    fields = (
        Field("question", "Question", "text", 60),
        Field("people", "Students"),
        Field("messages", "Times"),
        Field("people_before", "Students, period before", "number", 12),
        Field("unanswered", "Unanswered"),
        Field("rating", "Rated", "number", 9, PERCENT),
        Field("bad", "Badly answered", "boolean", 10),
    )
    write_frame(workbook, "Questions asked", fields, rows, zone)


def _action(action: Any) -> dict[str, Any]:
    return {"people": action.people, "finding": action.finding, "advice": action.advice}


def _frame(rows: list[dict[str, Any]], fields: tuple[Field, ...]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=[each.key for each in fields], dtype=object)


def _share(part: int, whole: int) -> float | None:
    return 100 * part / whole if whole else None


def _known(value: float) -> float | None:
    return None if pd.isna(value) else float(value)


def _series_name(name: str) -> str:
    """A legend's text; a name that begins with "=" would be taken for a reference to cells."""
    line = visible_line(name)
    return f"\u200b{line}" if line.startswith("=") else line
