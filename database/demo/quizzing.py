"""Quiz attempts: ability decides, luck helps, and who fails may try again."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from database.demo.cohort import Cohort
from database.demo.lessons import Lessons, Question, Quiz
from database.demo.personas import Persona
from database.demo.rhythm import Floats, Ints
from database.demo.watching import Viewings

PASSING_PERCENT = 70
MOST_ATTEMPTS = 3
TAKING_CHANCE = 0.88
AGAIN_CHANCE = 0.65
LEARNT_FROM_FAILING = 0.5


def attempts(cohort: Cohort, watched: Viewings, lessons: Lessons, rng: np.random.Generator) -> pd.DataFrame:
    """Quiz attempts, one row each.

    Columns: viewing (place in `watched`: the video that led to the quiz), quiz (place in
    `lessons.quizzes`), attempt_number, score_percent, passed, seconds (time taken), answers
    (the texts given, in the order of the questions).
    """
    failing = cohort.are(Persona.FAILING)[watched.student]
    willing = failing | (watched.reached_end & (rng.random(len(watched)) < TAKING_CHANCE))
    rounds = [
        table
        for place, quiz in enumerate(lessons.quizzes)
        for table in _rounds(
            place, quiz, np.flatnonzero(willing & (watched.video == quiz.video_index)), cohort, watched, rng
        )
    ]
    return pd.concat([EMPTY, *rounds], ignore_index=True)


EMPTY = pd.DataFrame(
    {
        "viewing": np.array([], dtype=np.int64),
        "quiz": np.array([], dtype=np.int64),
        "attempt_number": np.array([], dtype=np.int64),
        "score_percent": np.array([], dtype=np.float64),
        "passed": np.array([], dtype=bool),
        "seconds": np.array([], dtype=np.int64),
        "answers": np.array([], dtype=object),
    }
)


def _rounds(
    place: int, quiz: Quiz, viewing: Ints, cohort: Cohort, watched: Viewings, rng: np.random.Generator
) -> list[pd.DataFrame]:
    rounds = []
    for attempt_number in range(1, MOST_ATTEMPTS + 1):
        ability = cohort.ability[watched.student[viewing]] + LEARNT_FROM_FAILING * (attempt_number - 1)
        table = _attempted(quiz, viewing, ability, rng)
        rounds.append(table.assign(quiz=place, attempt_number=attempt_number))
        again = ~table["passed"].to_numpy() & (rng.random(len(viewing)) < AGAIN_CHANCE)
        viewing = viewing[again]
    return [table for table in rounds if len(table)]


def _attempted(quiz: Quiz, viewing: Ints, ability: Floats, rng: np.random.Generator) -> pd.DataFrame:
    answers = np.array([_answers(question, ability, rng) for question in quiz.questions], dtype=object).T
    keys = np.array([question.correct_answer for question in quiz.questions], dtype=object)
    right = (answers == keys).sum(axis=1)
    score = right * 100 / len(quiz.questions)
    chosen = np.empty(len(viewing), dtype=object)
    chosen[:] = [tuple(row) for row in answers]
    return pd.DataFrame(
        {
            "viewing": viewing,
            "score_percent": np.round(score, 2),
            "passed": score >= PASSING_PERCENT,
            "seconds": np.clip(rng.lognormal(5.2, 0.4, len(viewing)), 40, 1500).astype(np.int64),
            "answers": chosen,
        }
    )


def _answers(question: Question, ability: Floats, rng: np.random.Generator) -> npt.NDArray[np.object_]:
    """The truth with a chance that grows with ability; else one of the others, the first most often."""
    others = [option for option in question.options if option != question.truth] or [question.truth]
    knows = rng.random(len(ability)) < 1 / (1 + np.exp(-question.slope * (ability - question.difficulty)))
    popularity = 1 / np.arange(1, len(others) + 1)
    wrong = rng.choice(len(others), size=len(ability), p=popularity / popularity.sum())
    answers: npt.NDArray[np.object_] = np.where(knows, question.truth, np.array(others, dtype=object)[wrong])
    return answers
