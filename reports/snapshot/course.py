"""Videos, quizzes and questions in the snapshot."""

import pandas as pd
from reportlab.platypus import Flowable, KeepTogether, Paragraph

from charts.chat import questions_line
from charts.quizzes import pass_rate_line
from charts.video import retention_lines
from database.frames import records
from findings.questions import all_answered
from findings.videos import about_a_video
from queries.chat.questions import QuestionGroupRow, most_asked, unanswered
from queries.periods.compared_days import of_window
from queries.periods.period import Period
from queries.periods.phrases import in_compared
from queries.quizzes.question_analysis import WRONG_KEY, QuestionRow, finding_in_words
from queries.quizzes.results import PeriodResults, QuizRow, by_week
from queries.videos.lists import VideoRow
from queries.videos.one_video import completion_band
from reports.pdf.paragraphs import plain_paragraph
from reports.pdf.styles import BODY, HEADING, NOTE, SUBHEADING
from reports.pdf.tables import Column, table
from reports.pdf.text import shortened
from reports.snapshot.figures import Snapshot, WatchedVideo
from reports.snapshot.people import CHART_HEIGHT, SMALL_CHART_HEIGHT, chart
from rules.formatting import counted, grouped, percent_of_people
from rules.limits import LEAST_VIEWERS
from rules.sentences import always, sentence

VIDEOS_LISTED, QUIZZES_LISTED, QUESTIONS_LISTED = 40, 30, 10
TOO_EARLY = f"No video has {LEAST_VIEWERS} viewers yet: the places where they leave appear from then on."
MOST_DAYS_DRAWN = 45  # longer periods are drawn by week
TITLE_CHARACTERS = 100
FINDINGS = {WRONG_KEY: "Answer key may be wrong", "hard": "Hard"}


def videos(found: Snapshot) -> list[Flowable]:
    """Every published video with its figures, then the least completed ones second by second."""
    heading = Paragraph("Videos", HEADING)
    if found.videos.empty:
        return [heading, Paragraph("No video is published yet.", BODY)]
    rows = [
        [
            row.title,
            grouped(row.unique_viewers),
            grouped(row.views),
            percent_of_people(row.completion_rate_percent),
            percent_of_people(row.avg_watched_percent),
        ]
        for row in records(found.videos.head(VIDEOS_LISTED), VideoRow)
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
    """The results of attempts, every quiz, and the misleading questions."""
    heading = Paragraph("Quizzes", HEADING)
    if found.quizzes.empty:
        return [heading, Paragraph("No quizzes yet.", BODY)]
    said = results_sentence(found.results, found.period)
    return [heading, Paragraph(said, BODY), *_pass_rate(found), _quiz_table(found), *_flagged(found)]


def questions(found: Snapshot) -> list[Flowable]:
    """What students ask, and what is not answered."""
    heading = Paragraph("Questions asked", HEADING)
    if not found.daily_questions["questions"].any():
        return [heading, Paragraph("No questions in this period or the one it is compared with.", BODY)]
    asked = int(of_window(found.daily_questions, "this")["questions"].sum())
    return [
        heading,
        Paragraph("Questions per day", SUBHEADING),
        chart(questions_line(found.daily_questions, found.timeline), "questions per day", found, SMALL_CHART_HEIGHT),
        *_question_table("Most asked", most_asked(found.questions), "No question was asked by two or more students."),
        *_question_table("Unanswered", unanswered(found.questions), all_answered(asked)),
    ]


def _worst(found: Snapshot) -> list[Flowable]:
    if not found.worst_videos:
        return [Paragraph(always(TOO_EARLY), NOTE)]
    heading = Paragraph("Where viewers leave: the least completed", SUBHEADING)
    return [heading, *(KeepTogether(_retention(found, watched)) for watched in found.worst_videos)]


def _retention(found: Snapshot, watched: WatchedVideo) -> list[Flowable]:
    video, facts = watched.video, watched.facts
    band = completion_band(video.completion_rate_percent, video.unique_viewers)
    completed = percent_of_people(video.completion_rate_percent)
    said = f"“{shortened(video.title, TITLE_CHARACTERS)}”: {completed} complete it; {band}."
    lines: list[Flowable] = [plain_paragraph(said, BODY)]
    if watched.curve.empty:
        lines.append(Paragraph("The platform does not report which seconds were watched.", NOTE))
    else:
        stops = [cliff.second for cliff in facts.cliffs]
        drawn = retention_lines(watched.curve, watched.typical, video.duration_seconds, stops)
        lines.append(chart(drawn, f"viewers left of video {video.video_id}", found, CHART_HEIGHT))
    others = [finding for finding in about_a_video(facts) if finding.kind != "completion"]
    return [*lines, *(plain_paragraph(finding.told, BODY) for finding in others)]


@sentence
def results_sentence(results: PeriodResults, period: Period) -> str:
    if not results.attempts:
        before = counted(results.attempts_before, "attempt")
        return f"No quizzes were taken in this period; {before} {in_compared(period)}."
    passed = percent_of_people(results.pass_rate_percent)
    rate_before = results.pass_rate_percent_before
    beside = "" if rate_before is None else f", {percent_of_people(rate_before)} {in_compared(period)}"
    return (
        f"{counted(results.attempts, 'attempt')} by {counted(results.students, 'student')} in this period; "
        f"{passed} passed{beside}."
    )


def _pass_rate(found: Snapshot) -> list[Flowable]:
    if not found.results.attempts:
        return []
    weekly = found.period.days > MOST_DAYS_DRAWN
    shown, unit = (by_week(found.daily_results), "Week from") if weekly else (found.daily_results, "Day")
    drawn = chart(pass_rate_line(shown, unit, found.timeline), "pass rate", found, SMALL_CHART_HEIGHT)
    return [Paragraph("Pass rate", SUBHEADING), drawn]


def _quiz_table(found: Snapshot) -> Flowable:
    rows = [
        [
            row.title,
            grouped(row.attempts),
            percent_of_people(row.pass_rate_percent),
            percent_of_people(row.mean_score_percent),
            "Mostly failed" if row.is_struggling else "",
        ]
        for row in records(found.quizzes.head(QUIZZES_LISTED), QuizRow)
    ]
    columns = [
        Column("Quiz (all attempts)", 5),
        Column("Attempts", 1.1, True),
        Column("Passed", 1, True),
        Column("Mean score", 1.3, True),
        Column("", 1.3),
    ]
    return table(columns, rows)


def _flagged(found: Snapshot) -> list[Flowable]:
    heading = Paragraph("Hard questions and suspected wrong keys", SUBHEADING)
    if found.flagged.empty:
        return [heading, Paragraph("No question stands out: none is hard or seems to have a wrong answer key.", BODY)]
    rows = [
        [row.prompt, FINDINGS[row.finding or ""], finding_in_words(row)]
        for row in records(found.flagged.head(QUESTIONS_LISTED), QuestionRow)
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
            row.question,
            grouped(row.people),
            grouped(row.messages),
            grouped(row.unanswered),
            percent_of_people(None if row.mean_rating is None else 100 * row.mean_rating),
        ]
        for row in records(groups.head(QUESTIONS_LISTED), QuestionGroupRow)
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
    return (
        [Paragraph(f"And {grouped(total - listed)} more {noun}; the Excel report lists them all.", NOTE)]
        if total > listed
        else []
    )
