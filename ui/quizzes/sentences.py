"""Sentences about quizzes, and times."""

import pandas as pd

from findings.quizzes import about_quiz_questions, about_quizzes
from findings.ranking import ranked
from queries.periods.period import Period
from queries.periods.phrases import in_compared, in_period
from queries.quizzes.question_analysis import WRONG_KEY
from queries.quizzes.results import PeriodResults, QuizRow
from rules.formatting import agreeing, counted, grouped, percent_of_people, round_half_up, timestamp
from rules.sentences import figure, sentence
from ui.shared.text import plain

SHORT_CHARACTERS = 80
CLEAR, SLIGHT = 0.3, 0.1


@sentence
def results_sentence(results: PeriodResults, period: Period, struggling: pd.DataFrame) -> str:
    """The results of the period, and the quiz most students struggle with, as Markdown; takes `struggling_areas`."""
    worst = ranked(about_quizzes(struggling))[:1]
    return " ".join([_passed(results, period), *(plain(finding.sentence) for finding in worst)])


@sentence
def quiz_sentence(quiz: QuizRow, questions: pd.DataFrame) -> str:
    """The results of the quiz and problems with its questions, as Markdown; takes rows of `quizzes` and `questions`."""
    length = f"{_questions(quiz.questions)}." if quiz.questions else ""
    if not quiz.attempts:
        return length
    share = percent_of_people(quiz.pass_rate_percent)
    tried = f"**{share}** of {counted(quiz.attempts, 'attempt')} passed."
    flagged = questions[questions.finding.notna()].assign(quiz_title=quiz.title)
    to_do = [f"**{plain(finding.action)}.**" for finding in ranked(about_quiz_questions(flagged))]
    return " ".join(filter(None, [length, tried, *to_do]))


@sentence
def findings_headline(flagged: pd.DataFrame) -> str:
    """Such as "1 question probably has the wrong answer key, 2 are hard"."""
    wrong = int((flagged["finding"] == WRONG_KEY).sum())
    hard = len(flagged) - wrong
    parts = []
    if wrong:
        parts.append(f"{_questions(wrong)} probably {agreeing(wrong, 'has', 'have')} the wrong answer key")
    if hard:
        subject = grouped(hard) if wrong else _questions(hard)
        parts.append(f"{subject} {agreeing(hard)} hard")
    return ", ".join(parts)


@sentence
def saved_sentence(changed_keys: int, has_more: bool) -> str:
    """What was saved: whose correct answer changed, and whether others had saved something meanwhile."""
    more = " What was saved elsewhere meanwhile is kept." if has_more else ""
    if not changed_keys:
        return f"Saved.{more}"
    changed = counted(changed_keys, "answered question")
    return f"Saved.{more} The correct answer changed in {changed}; earlier answers keep their marks."


@sentence
def telling_in_words(discrimination: float | None) -> str:
    """What a question's discrimination means."""
    if discrimination is None:
        return "There are too few answers, or too similar ones, to tell strong from weak students by this question."
    if discrimination >= CLEAR:
        return (
            "Students who get it right are usually right elsewhere too: it tells strong students from weak ones well."
        )
    if discrimination >= SLIGHT:
        return "Students who get it right are a little better on the other questions."
    if discrimination >= -SLIGHT:
        return "Strong and weak students do equally well on it: it hardly tells them apart."
    return "Students who are right elsewhere get this one wrong: check the wording and the answer key."


@sentence
def all_passed(tried: int) -> str:
    """That no student who tried is left without a pass."""
    if tried <= 2:
        return "The only student who tried has passed." if tried == 1 else "Both students who tried have passed."
    return f"All {counted(tried, 'student')} who tried have passed."


@figure
def minutes(seconds: float | None) -> str:
    """A time such as 3:14, or a dash where it is not known."""
    return "-" if seconds is None or pd.isna(seconds) else timestamp(round_half_up(seconds))


def short(text: str) -> str:
    """The text for a label, cut to one readable line, as Markdown."""
    line = " ".join(text.split())
    return plain(line if len(line) <= SHORT_CHARACTERS else f"{line[: SHORT_CHARACTERS - 1].rstrip()}…")


def _passed(results: PeriodResults, period: Period) -> str:
    if not results.attempts:
        return f"No quizzes were taken {in_period(period)}."
    before = results.pass_rate_percent_before
    beside = "" if before is None else f" ({percent_of_people(before)} {in_compared(period)})"
    attempts = counted(results.attempts, "quiz attempt was", "quiz attempts were")
    return f"**{percent_of_people(results.pass_rate_percent)}** of {attempts} passed {in_period(period)}{beside}."


def _questions(count: int) -> str:
    return counted(count, "question")
