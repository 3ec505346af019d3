"""What the chat says, in sentences."""

from collections.abc import Callable
from typing import Any

import pandas as pd

from database.frames import records
from queries.changes import round_half_up
from queries.chat_questions import STUDENTS_TO_BE_COMMON, badly_answered
from queries.periods import Period
from ui.text import plain

LEAST_VIEWERS = 5  # questions per viewer of fewer say nothing
LONGEST_QUESTION = 200  # characters; a student may paste a whole program
WORDINGS_QUOTED = 3


def findings(groups: pd.DataFrame, by_video: pd.DataFrame, period: Period) -> str:
    """The largest content gap, what is answered badly, and where most is asked: Markdown.

    Takes the frames of `queries.chat_questions.question_groups` and `queries.chat.questions_by_video`.
    """
    said = [_most_asked(records(groups.head(1))[0], period)]
    said += [_badly_answered(row) for row in records(badly_answered(by_video).head(1))]
    said += [_dense(row) for row in records(by_video[by_video["viewers"] >= LEAST_VIEWERS].head(1))]
    return " ".join(said)


def question_line(row: dict[str, Any], describe: Callable[[dict[str, Any]], str]) -> str:
    """A question, and below it a sentence about it: Markdown."""
    return f"**{plain(line(row['question']))}**  \n{describe(row)}"


def unanswered_in_words(row: dict[str, Any]) -> str:
    times = "once" if row["unanswered"] == 1 else f"{row['unanswered']:,} times"
    return f"Left without an answer {times}, asked by {_students(row)}{_while_watching(row)}."


def badly_answered_in_words(row: dict[str, Any]) -> str:
    return f"Rated {_helpful(row)}, asked by {_students(row)}{_while_watching(row)}."


def video_in_words(row: dict[str, Any]) -> str:
    """What was asked about a video, and how well it was answered."""
    questions = "1 question" if row["questions"] == 1 else f"{row['questions']:,} questions"
    facts = [f"{questions} by {_students(row)}"]
    if not pd.isna(row["questions_per_viewer"]):
        facts.append(f"{row['questions_per_viewer']:.2f} per viewer")
    if row["ratings"]:
        facts.append(f"rated {_helpful(row)}")
    return " · ".join(facts)


def line(text: str) -> str:
    """The text on one line, cut after a word where it is too long."""
    words = " ".join(text.split())
    if len(words) <= LONGEST_QUESTION:
        return words
    return f"{words[:LONGEST_QUESTION].rsplit(' ', 1)[0]} …"


def _most_asked(row: dict[str, Any], period: Period) -> str:
    if row["people"] < STUDENTS_TO_BE_COMMON:
        return f"No two students asked the same question in these {period.label}."
    quoted = f"**{_students(row)}** asked “{plain(line(row['question']))}”{_mostly_while_watching(row)}."
    return f"{quoted}{_wordings(row)}"


def _wordings(row: dict[str, Any]) -> str:
    others = [f"“{plain(line(wording))}”" for wording in row["wordings"][1 : 1 + WORDINGS_QUOTED]]
    return f" Other wordings of it: {', '.join(others)}." if others else ""


def _badly_answered(video: dict[str, Any]) -> str:
    return f"Answers about **{plain(line(video['title']))}** are rated only {_helpful(video)}."


def _dense(video: dict[str, Any]) -> str:
    return (
        f"Viewers ask most about **{plain(line(video['title']))}**: {video['questions_per_viewer']:.2f} questions each."
    )


def _helpful(row: dict[str, Any]) -> str:
    ratings = "1 rating" if row["ratings"] == 1 else f"{row['ratings']:,} ratings"
    return f"{round_half_up(100 * row['mean_rating'])} % helpful over {ratings}"


def _students(row: dict[str, Any]) -> str:
    return "1 student" if row["people"] == 1 else f"{row['people']:,} students"


def _mostly_while_watching(row: dict[str, Any]) -> str:
    titles = row["video_titles"]
    return f", mostly while watching **{plain(line(titles[0]))}**" if titles else ""


def _while_watching(row: dict[str, Any]) -> str:
    titles = row["video_titles"]
    return f", while watching {plain(line(titles[0]))}" if titles else ""
