"""One batch of students and everything they did."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from database.demo.chatting import Chat, chat
from database.demo.cohort import Cohort, cohort
from database.demo.ids import stable_id
from database.demo.lessons import Lessons
from database.demo.people import names
from database.demo.personas import Persona
from database.demo.progress import progress
from database.demo.quizzing import attempts
from database.demo.rhythm import Floats, Ints, Rhythm
from database.demo.timeline import Timeline, timeline, without_withdrawn
from database.demo.watching import Viewings, count_within, runs, viewings

LOGIN_SECONDS = (20, 150)  # before the first video of a sitting
JUST_LOOKED_IN = 0.15  # further logins, per sitting
STREAK_DAYS = 6  # of devoted students, on average


@dataclass(frozen=True)
class Batch:
    """Everything about some students; arrays named after what they count."""

    cohort: Cohort
    watched: Viewings
    told: Timeline
    progress: pd.DataFrame
    logins: pd.DataFrame  # student, at
    talk: Chat
    answers: pd.DataFrame  # of the attempts, as in `Attempts`
    ids: list[str]
    names: list[str]
    enrolment: Floats  # shares of the enrolment day and of the time away before leaving
    total_students: int


def batch(numbers: range, total_students: int, lessons: Lessons, rhythm: Rhythm, rng: np.random.Generator) -> Batch:
    """Generate the whole history of the students with these numbers."""
    students = cohort(numbers, lessons, rhythm, rng)
    watched = viewings(students, lessons, rng)
    played = runs(watched, lessons, rng)
    tried = attempts(students, watched, lessons, rng)
    told = timeline(students, watched, played, tried.taken, rhythm, rng)
    told = without_withdrawn(told, watched, lessons)
    return Batch(
        cohort=students,
        watched=watched,
        told=told,
        progress=progress(watched, told.runs),
        logins=_logins(told.sittings, students, rhythm, rng),
        talk=chat(students, watched, told.runs, lessons, rng),
        answers=tried.answers,
        ids=[str(stable_id(lessons.course.subject, "student", number)) for number in numbers],
        names=names(rng, len(numbers)),
        enrolment=rng.random((len(numbers), 2)),
        total_students=total_students,
    )


def _logins(sittings: pd.DataFrame, cohort: Cohort, rhythm: Rhythm, rng: np.random.Generator) -> pd.DataFrame:
    """One per sitting, just before it; some more between the first and the last one of a student."""
    before = rng.integers(*LOGIN_SECONDS, len(sittings))
    regular = pd.DataFrame({"student": sittings["student"], "at": sittings["at"] - before})
    comes_back = cohort.are(Persona.RETURNING)[sittings["student"].to_numpy()]  # they do not log in while away
    passing = sittings["student"].to_numpy()[~comes_back & (rng.random(len(sittings)) < JUST_LOOKED_IN)]
    passing_day = rhythm.days_within(cohort.enrolled_day[passing], cohort.last_day[passing], rng.random(len(passing)))
    daily, daily_day = _daily(cohort, rng)
    student, day = np.concatenate([passing, daily]), np.concatenate([passing_day, daily_day])
    also = pd.DataFrame(
        {"student": student, "at": rhythm.instants(day, rhythm.seconds_of_day(day, rng.random(len(day))))}
    )
    span = regular.groupby("student")["at"].agg(["min", "max"]).reindex(also["student"])
    inside = (also["at"].to_numpy() > span["min"].to_numpy()) & (also["at"].to_numpy() < span["max"].to_numpy())
    return pd.concat([regular, also[inside]], ignore_index=True)


def _daily(cohort: Cohort, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Student and day of the logins of devoted students, who come every day for a while until their last day."""
    length = np.where(cohort.are(Persona.DEVOTED), rng.geometric(1 / STREAK_DAYS, len(cohort)), 0)
    length = np.minimum(length, cohort.last_day - cohort.enrolled_day)
    student = np.repeat(np.arange(len(cohort)), length)
    days_before = count_within(student) + 1
    return student, cohort.last_day[student] - days_before
