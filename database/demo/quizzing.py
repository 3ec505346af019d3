"""Quiz attempts: ability decides, luck helps, and students who fail may try again."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from database.demo.cohort import Cohort
from database.demo.lessons import Lessons, Question
from database.demo.personas import Persona
from database.demo.rhythm import Floats, Ints
from database.demo.watching import Viewings

PASSING_PERCENT = 70
MOST_ATTEMPTS = 3
TAKING_CHANCE = 0.88
AGAIN_CHANCE = 0.65
LEARNT_FROM_FAILING = 0.5


@dataclass(frozen=True)
class Attempts:
    """`taken`, one row per attempt: viewing (place in `watched`: the video that led to the quiz), quiz (place in
    `lessons.quizzes`), attempt_number, score_percent, passed, seconds (time taken).

    `answers`, one row per attempt and question: attempt (place in `taken`), question (place in `questions`),
    choice (place in `choices`), is_correct.
    """

    taken: pd.DataFrame
    answers: pd.DataFrame


def questions(lessons: Lessons) -> list[Question]:
    """The questions of all quizzes, one quiz after the other."""
    return [question for quiz in lessons.quizzes for question in quiz.questions]


def choices(lessons: Lessons) -> list[str]:
    """What students answer, one question after the other: the wrong options, the most popular first, then the truth."""
    return [choice for question in questions(lessons) for choice in _choices(question)]


def _choices(question: Question) -> list[str]:
    others = [option for option in question.options if option != question.truth] or [question.truth]
    return [*others, question.truth]


def attempts(cohort: Cohort, watched: Viewings, lessons: Lessons, rng: np.random.Generator) -> Attempts:
    """Every quiz that a student meets, tried up to three times."""
    failing = cohort.are(Persona.FAILING)[watched.student]
    willing = np.flatnonzero(failing | (watched.reached_end & (rng.random(len(watched)) < TAKING_CHANCE)))
    ability = cohort.ability[watched.student]
    rounds = [
        one
        for sheet in _sheets(lessons)
        for one in _rounds(sheet, willing[watched.video[willing] == sheet.video], ability, rng)
    ]
    return Attempts(_taken(rounds), _answers(rounds))


@dataclass(frozen=True)
class _Sheet:
    """A quiz as arrays with a row per question."""

    quiz: int
    video: int
    first_question: int  # place in `questions`
    first_choice: Ints  # place in `choices`
    slope: Floats
    difficulty: Floats
    popularity: Floats  # of the wrong options, cumulated; 1 after the last
    truth: Ints  # place among the question's choices
    is_correct: npt.NDArray[np.bool_]  # by choice: whether the answer key accepts it


def _sheets(lessons: Lessons) -> Iterator[_Sheet]:
    first_question = first_choice = 0
    for place, quiz in enumerate(lessons.quizzes):
        offered = [_choices(question) for question in quiz.questions]
        counts = np.array(list(map(len, offered)), dtype=np.int64)
        is_correct = np.zeros((len(offered), counts.max()), dtype=bool)
        popularity = np.ones((len(offered), counts.max() - 1))
        for row, (question, answers) in enumerate(zip(quiz.questions, offered, strict=True)):
            is_correct[row, : len(answers)] = [answer == question.correct_answer for answer in answers]
            weights = 1 / np.arange(1, len(answers))
            up_to = np.cumsum(weights / weights.sum())
            popularity[row, : len(up_to)] = up_to / up_to[-1]
        yield _Sheet(
            quiz=place,
            video=quiz.video_index,
            first_question=first_question,
            first_choice=first_choice + np.cumsum(counts) - counts,
            slope=np.array([[question.slope] for question in quiz.questions]),
            difficulty=np.array([[question.difficulty] for question in quiz.questions]),
            popularity=popularity,
            truth=counts - 1,
            is_correct=is_correct,
        )
        first_question += len(offered)
        first_choice += int(counts.sum())


@dataclass(frozen=True)
class _Round:
    """The attempts of one number at one quiz; matrices have a row per question and a column per attempt."""

    sheet: _Sheet
    attempt_number: int
    viewing: Ints
    choice: Ints
    is_correct: npt.NDArray[np.bool_]
    seconds: Ints

    @property
    def percent(self) -> Floats:
        right: Ints = self.is_correct.sum(axis=0)
        return right * 100 / len(self.is_correct)

    @property
    def passed(self) -> npt.NDArray[np.bool_]:
        return self.percent >= PASSING_PERCENT


def _rounds(sheet: _Sheet, viewing: Ints, ability: Floats, rng: np.random.Generator) -> Iterator[_Round]:
    for attempt_number in range(1, MOST_ATTEMPTS + 1):
        choice, is_correct = _answered(sheet, ability[viewing] + LEARNT_FROM_FAILING * (attempt_number - 1), rng)
        seconds = np.clip(rng.lognormal(5.2, 0.4, len(viewing)), 40, 1500).astype(np.int64)
        one = _Round(sheet, attempt_number, viewing, choice, is_correct, seconds)
        yield one
        viewing = viewing[~one.passed & (rng.random(len(viewing)) < AGAIN_CHANCE)]
        if not len(viewing):
            return


def _answered(sheet: _Sheet, ability: Floats, rng: np.random.Generator) -> tuple[Ints, npt.NDArray[np.bool_]]:
    """The truth with a probability that grows with ability; otherwise a wrong option, the first most often."""
    luck = rng.random((len(sheet.truth), 2, len(ability)))
    knows = luck[:, 0] < 1 / (1 + np.exp(-sheet.slope * (ability - sheet.difficulty)))
    wrong = (luck[:, 1, :, None] >= sheet.popularity[:, None, :]).sum(axis=2)
    chosen = np.where(knows, sheet.truth[:, None], wrong)
    return sheet.first_choice[:, None] + chosen, np.take_along_axis(sheet.is_correct, chosen, axis=1)


def _taken(rounds: list[_Round]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "viewing": _joined([one.viewing for one in rounds], np.int64),
            "quiz": _joined([np.repeat(one.sheet.quiz, len(one.viewing)) for one in rounds], np.int64),
            "attempt_number": _joined([np.repeat(one.attempt_number, len(one.viewing)) for one in rounds], np.int64),
            "score_percent": np.round(_joined([one.percent for one in rounds], np.float64), 2),
            "passed": _joined([one.passed for one in rounds], np.bool_),
            "seconds": _joined([one.seconds for one in rounds], np.int64),
        }
    )


def _answers(rounds: list[_Round]) -> pd.DataFrame:
    places, before = [], 0
    for one in rounds:
        question, attempt = np.indices(one.choice.shape)
        places.append((before + attempt.ravel(), one.sheet.first_question + question.ravel()))
        before += len(one.viewing)
    return pd.DataFrame(
        {
            "attempt": _joined([attempt for attempt, _ in places], np.int64),
            "question": _joined([question for _, question in places], np.int64),
            "choice": _joined([one.choice.ravel() for one in rounds], np.int64),
            "is_correct": _joined([one.is_correct.ravel() for one in rounds], np.bool_),
        }
    )


def _joined(parts: list[Any], kind: type[np.generic]) -> Any:
    return np.concatenate([np.array([], dtype=kind), *parts])
