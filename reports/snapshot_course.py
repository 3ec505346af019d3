"""Videos, quizzes and questions in the snapshot."""

import pandas as pd
from reportlab.platypus import Flowable, KeepTogether, Paragraph

from charts.chat import questions_line
from charts.quizzes import pass_rate_line
from charts.video import retention_lines
from database.frames import records
from queries.changes import whole_rate
from queries.chat_questions import most_asked, unanswered
from queries.question_analysis import WRONG_KEY, finding_in_words
from queries.quizzes import PeriodResults, by_week
from queries.video import completion_band
from reports.insights import about_a_video
from reports.pdf.styles import BODY, HEADING, NOTE, SUBHEADING
from reports.pdf.tables import Column, table
from reports.pdf.text import shortened
from reports.pdf.words import words
from reports.snapshot import Snapshot, WatchedVideo
from reports.snapshot_people import CHART_HEIGHT, SMALL_CHART_HEIGHT, chart

VIDEOS_LISTED, QUIZZES_LISTED, QUESTIONS_LISTED = 40, 30, 10
MOST_DAYS_DRAWN = 45  # longer periods by week
TITLE_CHARACTERS = 100
FINDINGS = {WRONG_KEY: "Key may be wrong", "hard": "Hard"}


def videos(found: Snapshot) -> list[Flowable]:
    """Every published video with its figures, then the least completed second by second."""
    heading = Paragraph("Videos", HEADING)
    if found.videos.empty:
        return [heading, Paragraph("No video is published yet.", BODY)]
    rows = [
        [
            row["title"],
            f"{row['unique_viewers']:,}",
            f"{row['views']:,}",
            percent(row["completion_rate_percent"]),
            percent(row["avg_watched_percent"]),
        ]
        for row in records(found.videos.head(VIDEOS_LISTED))
    ]
    columns = [
        Column("Video", 5),
        Column("Viewers", 1, True),
        Column("Views", 1, True),
        Column("Completed", 1.2, True),
        Column("Watched", 1.1, True),
    ]
    listed = table(columns, rows)
    return [heading, listed, *_more(len(found.videos), VIDEOS_LISTED, "videos"), *_worst(found)]


def quizzes(found: Snapshot) -> list[Flowable]:
    """How attempts went, every quiz, and the questions that mislead."""
    heading = Paragraph("Quizzes", HEADING)
    if found.quizzes.empty:
        return [heading, Paragraph("There is no quiz yet.", BODY)]
    said = _results_sentence(found.results)
    return [heading, Paragraph(said, BODY), *_pass_rate(found), _quiz_table(found), *_flagged(found)]


def questions(found: Snapshot) -> list[Flowable]:
    """What students ask, and what is left without an answer."""
    heading = Paragraph("Questions asked", HEADING)
    if not found.daily_questions["questions"].any():
        return [heading, Paragraph("Nobody asked anything in this period or in the one before it.", BODY)]
    return [
        heading,
        Paragraph("Questions per day", SUBHEADING),
        chart(questions_line(found.daily_questions), "questions per day", found, SMALL_CHART_HEIGHT),
        *_question_table("Most asked", most_asked(found.questions), "Nothing was asked by two students or more."),
        *_question_table("Unanswered", unanswered(found.questions), "Every question was answered."),
    ]


def percent(value: float | None) -> str:
    return "-" if value is None or pd.isna(value) else f"{whole_rate(value)} %"


def _worst(found: Snapshot) -> list[Flowable]:
    if not found.worst_videos:
        return [Paragraph("No video has five viewers yet: too few to tell where they leave.", NOTE)]
    heading = Paragraph("Where viewers leave: the least completed", SUBHEADING)
    return [heading, *(KeepTogether(_retention(found, watched)) for watched in found.worst_videos)]


def _retention(found: Snapshot, watched: WatchedVideo) -> list[Flowable]:
    video, facts = watched.video, watched.facts
    band = completion_band(video.completion_rate_percent, video.unique_viewers)
    said = (
        f"“{shortened(video.title, TITLE_CHARACTERS)}”: {percent(video.completion_rate_percent)} complete it; {band}."
    )
    lines: list[Flowable] = [words(said, BODY)]
    if watched.curve.empty:
        lines.append(Paragraph("The platform does not tell which seconds were watched.", NOTE))
    else:
        stops = [int(cliff["second"]) for cliff in facts.cliffs]
        drawn = retention_lines(watched.curve, watched.typical, video.duration_seconds, stops)
        lines.append(chart(drawn, f"viewers left of video {video.video_id}", found, CHART_HEIGHT))
    others = [action for action in about_a_video(facts) if action.kind != "completion"]
    return [*lines, *(words(action.finding, BODY) for action in others)]


def _results_sentence(results: PeriodResults) -> str:
    before = percent(results.pass_rate_percent_before)
    if not results.attempts:
        return f"Nobody tried a quiz in this period; {results.attempts_before:,} attempts in the period before."
    return (
        f"{results.attempts:,} attempts by {results.students:,} students in this period; "
        f"{percent(results.pass_rate_percent)} passed, {before} in the period before."
    )


def _pass_rate(found: Snapshot) -> list[Flowable]:
    if not found.results.attempts:
        return []
    weekly = found.period.days > MOST_DAYS_DRAWN
    shown, unit = (by_week(found.daily_results), "Week from") if weekly else (found.daily_results, "Day")
    drawn = chart(pass_rate_line(shown, unit), "pass rate", found, SMALL_CHART_HEIGHT)
    return [Paragraph("Pass rate", SUBHEADING), drawn]


def _quiz_table(found: Snapshot) -> Flowable:
    rows = [
        [
            row["title"],
            f"{row['attempts']:,}",
            percent(row["pass_rate_percent"]),
            percent(row["mean_score_percent"]),
            "Struggling" if row["is_struggling"] else "",
        ]
        for row in records(found.quizzes.head(QUIZZES_LISTED))
    ]
    columns = [
        Column("Quiz, all attempts so far", 5),
        Column("Attempts", 1.1, True),
        Column("Passed", 1, True),
        Column("Mean score", 1.3, True),
        Column("", 1.3),
    ]
    return table(columns, rows)


def _flagged(found: Snapshot) -> list[Flowable]:
    heading = Paragraph("Hard questions and suspected keys", SUBHEADING)
    if found.flagged.empty:
        return [heading, Paragraph("No question stands out: none is hard or seems to have a wrong key.", BODY)]
    rows = [
        [row["prompt"], FINDINGS[row["finding"]], finding_in_words(row)]
        for row in records(found.flagged.head(QUESTIONS_LISTED))
    ]
    return [
        heading,
        table([Column("Question", 4), Column("Finding", 1.6), Column("Why", 5)], rows),
        *_more(len(found.flagged), QUESTIONS_LISTED, "questions"),
    ]


def _question_table(title: str, groups: pd.DataFrame, nothing: str) -> list[Flowable]:
    heading = Paragraph(title, SUBHEADING)
    if groups.empty:
        return [heading, Paragraph(nothing, BODY)]
    rows = [
        [
            row["question"],
            f"{row['people']:,}",
            f"{row['messages']:,}",
            f"{row['unanswered']:,}",
            percent(100 * row["mean_rating"]),
        ]
        for row in records(groups.head(QUESTIONS_LISTED))
    ]
    columns = [
        Column("Question", 6),
        Column("Students", 1.1, True),
        Column("Times", 1, True),
        Column("Unanswered", 1.4, True),
        Column("Rated", 1, True),
    ]
    return [heading, table(columns, rows)]


def _more(total: int, listed: int, noun: str) -> list[Flowable]:
    return [Paragraph(f"And {total - listed:,} more {noun}; the workbook lists all.", NOTE)] if total > listed else []
