"""Sentences about the questions in the chat."""

from collections.abc import Callable

import pandas as pd

from database.frames import records
from findings.questions import about_questions
from queries.chat.figures import VideoQuestionsRow
from queries.chat.questions import QuestionGroupRow, badly_answered
from queries.periods.period import Period
from queries.periods.phrases import in_period
from rules.formatting import counted, decimal, percent, students, times
from rules.limits import LEAST_VIEWERS
from rules.sentences import sentence
from ui.shared.text import plain

LONGEST_QUESTION = 200  # characters; a student may paste a whole program
WORDINGS_QUOTED = 3


@sentence
def findings(groups: pd.DataFrame, by_video: pd.DataFrame, period: Period) -> str:
    """The largest content gap, what is answered badly, and which video raises most questions, as Markdown.

    Takes the frames of `queries.chat.questions.question_groups` and `queries.chat.figures.questions_by_video`.
    """
    said = [_most_asked(groups, period)]
    said += [_badly_answered(row) for row in records(badly_answered(by_video).head(1), VideoQuestionsRow)]
    said += [_dense(row) for row in records(by_video[by_video["viewers"] >= LEAST_VIEWERS].head(1), VideoQuestionsRow)]
    return " ".join(said)


def question_line(row: QuestionGroupRow, describe: Callable[[QuestionGroupRow], str]) -> str:
    """A question, and below it a sentence about it: Markdown."""
    return f"**{plain(line(row.question))}**  \n{describe(row)}"


@sentence
def unanswered_in_words(row: QuestionGroupRow) -> str:
    return f"Went unanswered {times(row.unanswered)}; asked by {_students(row)}{_while_watching(row)}."


@sentence
def badly_answered_in_words(row: QuestionGroupRow) -> str:
    return f"Rated {_helpful(row)}; asked by {_students(row)}{_while_watching(row)}."


@sentence
def video_in_words(row: VideoQuestionsRow) -> str:
    """What was asked about a video, and how well it was answered."""
    facts = [f"{counted(row.questions, 'question')} by {_students(row)}"]
    if row.questions_per_viewer is not None:
        facts.append(f"{decimal(row.questions_per_viewer, 2)} per viewer")
    if row.ratings:
        facts.append(f"rated {_helpful(row)}")
    return " · ".join(facts)


def line(text: str) -> str:
    """The text on one line, cut after a word if it is too long."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_QUESTION:
        return words
    return f"{words[:LONGEST_QUESTION].rsplit(' ', 1)[0]}…"


def _most_asked(groups: pd.DataFrame, period: Period) -> str:
    asked = [finding for finding in about_questions(groups) if finding.kind == "asked"]
    if not asked:
        return f"No two students asked the same question {in_period(period)}."
    return f"{plain(asked[0].sentence)}{_wordings(records(groups.head(1), QuestionGroupRow)[0])}"


def _wordings(row: QuestionGroupRow) -> str:
    others = [f"“{plain(line(wording))}”" for wording in row.wordings[1 : 1 + WORDINGS_QUOTED]]
    return f" Also asked as: {', '.join(others)}." if others else ""


def _badly_answered(video: VideoQuestionsRow) -> str:
    return f"Answers about **{plain(line(video.title))}** are rated only {_helpful(video)}."


def _dense(video: VideoQuestionsRow) -> str:
    each = decimal(video.questions_per_viewer or 0, 2)
    return f"Viewers ask most about **{plain(line(video.title))}**: {each} questions each."


def _helpful(row: QuestionGroupRow | VideoQuestionsRow) -> str:
    return f"{percent(100 * (row.mean_rating or 0))} helpful in {counted(row.ratings, 'rating')}"


def _students(row: QuestionGroupRow | VideoQuestionsRow) -> str:
    return students(row.people)


def _while_watching(row: QuestionGroupRow) -> str:
    titles = row.video_titles
    return f", while watching {plain(line(titles[0]))}" if titles else ""
