"""Attempts at quizzes. FutureLearn exports single responses only; this says which belong together."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from database.importers.futurelearn_export import Question, Response
from database.importers.futurelearn_rows import Step

PASSED_FROM_PERCENT = 70


@dataclass(frozen=True, slots=True)
class Attempt:
    """A learner's n-th attempt at a quiz: their n-th response to each of its questions."""

    learner_id: str
    quiz: Step
    number: int
    score_percent: float
    passed: bool
    completed_at: datetime
    responses: list[Response]


def attempts(responses: Sequence[Response], questions: Sequence[Question]) -> list[Attempt]:
    """One attempt per learner, quiz and n, in the order in which attempts began.

    The n-th response to a question, by time and then by place in the file, belongs to attempt n. A
    question that the learner left out counts as wrong: the score is the share of all the quiz's questions.
    """
    quiz_lengths = Counter(question.quiz for question in questions)
    times_answered: Counter[tuple[str, Step, int]] = Counter()
    grouped: defaultdict[tuple[str, Step, int], list[Response]] = defaultdict(list)
    for response in sorted(responses, key=lambda response: response.submitted_at):  # stable: ties keep file order
        question = (response.learner_id, response.quiz, response.question_number)
        times_answered[question] += 1
        grouped[(response.learner_id, response.quiz, times_answered[question])].append(response)
    return [_attempt(*key, given, quiz_lengths[key[1]]) for key, given in grouped.items()]


def _attempt(learner_id: str, quiz: Step, number: int, given: list[Response], quiz_length: int) -> Attempt:
    correct = sum(response.is_correct for response in given)
    return Attempt(
        learner_id=learner_id,
        quiz=quiz,
        number=number,
        score_percent=100 * correct / quiz_length,
        passed=100 * correct >= PASSED_FROM_PERCENT * quiz_length,
        completed_at=given[-1].submitted_at,
        responses=given,
    )
