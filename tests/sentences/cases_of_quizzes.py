"""Sentences about quizzes and their questions."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pandas as pd

from queries.periods.period import WEEK
from queries.quizzes.question_analysis import QuestionRow
from queries.quizzes.results import PeriodResults, QuizRow
from tests.sentences.case import CannotBe, Cases, says
from tests.typed_rows import a_frame, a_row

ID = UUID(int=1)
AT = datetime(2026, 3, 2, 14, 5, tzinfo=UTC)
NO_WHOLE = CannotBe("it compares nothing with a whole")
COUNTED = CannotBe("a count of rows is always known")
ONE_COUNT = CannotBe("one count contradicts nothing else")


def results(attempts: int, passed: int, students: int, before: int = 0, passed_before: int = 0) -> PeriodResults:
    return PeriodResults(attempts, before, passed, passed_before, students, 0, None, None)


NO_STRUGGLE = a_frame(QuizRow)


def a_quiz(attempts: int, rate: float | None, questions: int = 0) -> tuple[Any, ...]:
    quiz = a_row(QuizRow, title="Quiz", questions=questions, attempts=attempts, pass_rate_percent=rate)
    return quiz, a_frame(QuestionRow)


def flagged(*findings: str) -> pd.DataFrame:
    return pd.DataFrame({"finding": findings})


def a_question(
    finding: str, answers: int, correct: int, chosen: int, marked: str | None = "ten", wrong: str | None = "one"
) -> QuestionRow:
    return a_row(
        QuestionRow,
        finding=finding,
        answers=answers,
        correct=correct,
        correct_percent=100 * correct / answers,
        wrong_answer=wrong,
        wrong_answer_students=chosen,
        wrong_answer_rest_percent=90,
        keyed_rest_percent=40 if correct else None,
        correct_answer=marked,
    )


CASES: Cases = {
    "findings.quizzes.key_advice": {
        "empty": says("Check which answer is marked as correct.", "", ""),
        "one": says(
            "“1.10” and “1.1” are the same number: accept both if either is right, and keep the key.", "1.10", "1.1"
        ),
        "two": says(
            "“2,50” and “2.5” are the same number: accept both if either is right, and keep the key.", "2,50", "2.5"
        ),
        "all": NO_WHOLE,
        "none": says("Check which answer is marked as correct.", "one", "ten"),
        "unknown": says("Check which answer is marked as correct.", "1.10", None),
        "contradiction": says("Check which answer is marked as correct.", "1.10", "1.11"),
    },
    "queries.quizzes.question_analysis.finding_in_words": {
        "empty": CannotBe("a finding needs ten answers"),
        "one": says(
            "Only 1 of 10 students (10%) got it right at the first attempt; 1 answered “one”.",
            a_question("hard", 10, 1, 1),
        ),
        "two": says(
            "Only 2 of 10 students (20%) got it right at the first attempt.", a_question("hard", 10, 2, 2, wrong=None)
        ),
        "all": says(
            "Only 3 of 10 students (30%) got it right at the first attempt; 7 answered “one”.",
            a_question("hard", 10, 3, 7),
        ),
        "none": says(
            "None of 10 students got it right at the first attempt; 10 answered “one”.", a_question("hard", 10, 0, 10)
        ),
        "unknown": says(
            "7 of 10 chose “one”, and they did better on the rest (90% right) than the 3 who chose the answer marked correct (40%).",
            a_question("wrong_key", 10, 3, 7, marked=None),
        ),
        "contradiction": says(
            "7 of 10 chose “1.10”, and they did better on the rest (90% right) than the 3 who chose “1.1”, the answer marked correct (40%).",
            a_question("wrong_key", 10, 3, 7, marked="1.1", wrong="1.10"),
        ),
    },
    "reports.snapshot.course.results_sentence": {
        "empty": says("No quizzes were taken in this period; 0 attempts in the 7 days before.", results(0, 0, 0), WEEK),
        "one": says(
            "1 attempt by 1 student in this period; 100% passed, 0% in the 7 days before.", results(1, 1, 1, 1, 0), WEEK
        ),
        "two": says(
            "2 attempts by 2 students in this period; 50% passed, 25% in the 7 days before.",
            results(2, 1, 2, 4, 1),
            WEEK,
        ),
        "all": says("6 attempts by 6 students in this period; 100% passed.", results(6, 6, 6), WEEK),
        "none": says("6 attempts by 6 students in this period; 0% passed.", results(6, 0, 6), WEEK),
        "unknown": says(
            "No quizzes were taken in this period; 3 attempts in the 7 days before.", results(0, 0, 0, 3, 3), WEEK
        ),
        "contradiction": says("1,000 attempts by 1 student in this period; 99% passed.", results(1000, 999, 1), WEEK),
    },
    "ui.quizzes.sentences.all_passed": {
        "empty": CannotBe("the page ends before, without attempts"),
        "one": says("The only student who tried has passed.", 1),
        "two": says("Both students who tried have passed.", 2),
        "all": says("All 1,200 students who tried have passed.", 1200),
        "none": CannotBe("it is asked where none is left"),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.quizzes.sentences.findings_headline": {
        "empty": says("", flagged()),
        "one": says("1 question is hard", flagged("hard")),
        "two": says("1 question probably has the wrong answer key, 1 is hard", flagged("wrong_key", "hard")),
        "all": says(
            "2 questions probably have the wrong answer key, 2 are hard",
            flagged("wrong_key", "wrong_key", "hard", "hard"),
        ),
        "none": says("", flagged()),
        "unknown": CannotBe("only questions with findings come here"),
        "contradiction": CannotBe("a question has one finding at most"),
    },
    "ui.quizzes.sentences.quiz_sentence": {
        "empty": says("", *a_quiz(0, None)),
        "one": says("1 question. **100%** of 1 attempt passed.", *a_quiz(1, 100, 1)),
        "two": says("2 questions. **50%** of 2 attempts passed.", *a_quiz(2, 50, 2)),
        "all": says("**100%** of 6 attempts passed.", *a_quiz(6, 100)),
        "none": says("**0%** of 6 attempts passed.", *a_quiz(6, 0)),
        "unknown": says("**-** of 6 attempts passed.", *a_quiz(6, None)),
        "contradiction": says("3 questions.", *a_quiz(0, 100, 3)),
    },
    "ui.quizzes.sentences.saved_sentence": {
        "empty": says("Saved.", 0, False),
        "one": says(
            "Saved. The correct answer changed in 1 answered question; earlier answers keep their marks.", 1, False
        ),
        "two": says(
            "Saved. What was saved elsewhere meanwhile is kept. "
            "The correct answer changed in 2 answered questions; earlier answers keep their marks.",
            2,
            True,
        ),
        "all": CannotBe("it counts changes, not questions"),
        "none": says("Saved. What was saved elsewhere meanwhile is kept.", 0, True),
        "unknown": COUNTED,
        "contradiction": ONE_COUNT,
    },
    "ui.quizzes.sentences.results_sentence": {
        "empty": says("No quizzes were taken in the last 7 days.", results(0, 0, 0), WEEK, NO_STRUGGLE),
        "one": says(
            "**100%** of 1 quiz attempt was passed in the last 7 days (0% in the 7 days before).",
            results(1, 1, 1, 1, 0),
            WEEK,
            NO_STRUGGLE,
        ),
        "two": says(
            "**50%** of 2 quiz attempts were passed in the last 7 days (25% in the 7 days before).",
            results(2, 1, 2, 4, 1),
            WEEK,
            NO_STRUGGLE,
        ),
        "all": says("**100%** of 6 quiz attempts were passed in the last 7 days.", results(6, 6, 6), WEEK, NO_STRUGGLE),
        "none": says("**0%** of 6 quiz attempts were passed in the last 7 days.", results(6, 0, 6), WEEK, NO_STRUGGLE),
        "unknown": says("No quizzes were taken in the last 7 days.", results(0, 0, 0, 3, 3), WEEK, NO_STRUGGLE),
        "contradiction": says(
            "**99%** of 1,000 quiz attempts were passed in the last 7 days.", results(1000, 999, 1), WEEK, NO_STRUGGLE
        ),
    },
    "ui.quizzes.sentences.telling_in_words": {
        "empty": says(
            "There are too few answers, or too similar ones, to tell strong from weak students by this question.", None
        ),
        "one": says(
            "Students who get it right are usually right elsewhere too: it tells strong students from weak ones well.",
            1,
        ),
        "two": says("Students who get it right are a little better on the other questions.", 0.2),
        "all": says(
            "Students who get it right are usually right elsewhere too: it tells strong students from weak ones well.",
            0.3,
        ),
        "none": says("Strong and weak students do equally well on it: it hardly tells them apart.", 0),
        "unknown": says(
            "There are too few answers, or too similar ones, to tell strong from weak students by this question.",
            None,
        ),
        "contradiction": says(
            "Students who are right elsewhere get this one wrong: check the wording and the answer key.", -0.5
        ),
    },
}
