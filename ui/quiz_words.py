"""Quizzes in words: sentences, shares and times."""

from typing import Any

import pandas as pd

from database.frames import records
from queries.changes import round_half_up
from queries.periods import Period
from queries.question_analysis import WRONG_KEY
from queries.quizzes import PeriodResults
from queries.spoken_lines import timestamp
from ui.text import plain

SHORT_CHARACTERS = 80
CLEAR, SLIGHT = 0.3, 0.1


def results_sentence(results: PeriodResults, period: Period, worst: dict[str, Any] | None) -> str:
    """How the period went and which quiz is failed most often, as Markdown; `worst` is a row of `quizzes`."""
    sentences = [_passed(results, period), *([_struggle(worst)] if worst else [])]
    return " ".join(sentences)


def quiz_sentence(quiz: dict[str, Any], questions: pd.DataFrame) -> str:
    """How the quiz goes and what its questions hide, as Markdown; takes rows of `quizzes` and `questions`."""
    length = f"{_questions(quiz['questions'])}." if quiz["questions"] else ""
    if not quiz["attempts"]:
        return length
    share = percent(quiz["pass_rate_percent"])
    tried = f"**{share}** of {quiz['attempts']:,} {'attempt' if quiz['attempts'] == 1 else 'attempts'} passed."
    flagged = records(questions[questions["finding"].notna()].sort_values("finding", ascending=False))
    return " ".join(filter(None, [length, tried, *map(_flag, flagged)]))


def failed_share(quiz: dict[str, Any]) -> str:
    """Such as "54 % of 130 attempts failed"; takes a row of `quizzes` with attempts."""
    return f"{round_half_up(100 - quiz['pass_rate_percent'])} % of {quiz['attempts']:,} attempts failed"


def findings_headline(flagged: pd.DataFrame) -> str:
    """Such as "1 question probably has the wrong key, 2 are hard"."""
    wrong = int((flagged["finding"] == WRONG_KEY).sum())
    hard = len(flagged) - wrong
    parts = []
    if wrong:
        parts.append(f"{_questions(wrong)} probably {'has' if wrong == 1 else 'have'} the wrong key")
    if hard:
        subject = f"{hard:,}" if wrong else _questions(hard)
        parts.append(f"{subject} {'is' if hard == 1 else 'are'} hard")
    return ", ".join(parts)


def telling_in_words(discrimination: float | None) -> str:
    """What the discrimination of a question means for it."""
    if discrimination is None or pd.isna(discrimination):
        return "There are too few answers, or too similar ones, to tell strong from weak students by this question."
    if discrimination >= CLEAR:
        return "Students who get it right are usually right elsewhere too: it tells strong from weak students well."
    if discrimination >= SLIGHT:
        return "Students who get it right are a little better on the other questions."
    if discrimination >= -SLIGHT:
        return "Strong and weak students do equally well on it: it tells them apart hardly at all."
    return "Students who are right elsewhere get this one wrong: check the wording and the key."


def percent(value: float | None) -> str:
    """A share in whole percent, or a dash where there is none."""
    return "-" if value is None or pd.isna(value) else f"{round_half_up(value)} %"


def minutes(seconds: float | None) -> str:
    """A time such as 3:14, or a dash where it is not known."""
    return "-" if seconds is None or pd.isna(seconds) else timestamp(round_half_up(seconds))


def short(text: str) -> str:
    """The text for a label, cut to one readable line, as Markdown."""
    line = " ".join(text.split())
    return plain(line if len(line) <= SHORT_CHARACTERS else f"{line[: SHORT_CHARACTERS - 1].rstrip()}…")


def _passed(results: PeriodResults, period: Period) -> str:
    if not results.attempts:
        return f"Nobody took a quiz in the last {period.label}."
    before = results.pass_rate_percent_before
    compared = "" if before is None else f" ({percent(before)} in the {period.label} before)"
    noun = "attempt was" if results.attempts == 1 else "attempts were"
    return (
        f"**{percent(results.pass_rate_percent)}** of {results.attempts:,} quiz {noun} passed "
        f"in the last {period.label}{compared}."
    )


def _struggle(quiz: dict[str, Any]) -> str:
    return f"Students struggle most with **{plain(quiz['title'])}**: {failed_share(quiz)}."


def _flag(question: dict[str, Any]) -> str:
    what = "probably has the wrong key" if question["finding"] == WRONG_KEY else "is hard"
    return f"**Question {question['number']}, “{short(question['prompt'])}”, {what}**."


def _questions(count: int) -> str:
    return f"{count:,} {'question' if count == 1 else 'questions'}"
