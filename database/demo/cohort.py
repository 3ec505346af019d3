"""A batch of students: when they enrolled, how long they stayed, how far they got."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from database.demo.lessons import Lessons
from database.demo.personas import HABITS, Persona, persona
from database.demo.rhythm import Floats, Ints, Rhythm

# Days since each enrolment campaign, from the launch to now, with its share of students.
WAVES = ((108, 118, 0.28), (72, 82, 0.22), (44, 52, 0.16), (18, 30, 0.14), (0, 118, 0.20))
DAYS_PER_VIDEO = 0.62
COMEBACK_DAYS = (16, 4)  # a returning student: days of the first stay, days since the return


@dataclass(frozen=True)
class Cohort:
    """One entry per student of the batch; days as in `Rhythm`."""

    numbers: Ints
    personas: tuple[Persona, ...]
    enrolled_day: Ints
    last_day: Ints
    videos_started: Ints
    finishing_chance: Floats
    ability: Floats

    def __len__(self) -> int:
        return len(self.numbers)

    def are(self, *wanted: Persona) -> npt.NDArray[np.bool_]:
        return np.array([persona in wanted for persona in self.personas], dtype=bool)


def cohort(numbers: range, lessons: Lessons, rhythm: Rhythm, rng: np.random.Generator) -> Cohort:
    """Students with these numbers, each with the habits of their kind."""
    personas = tuple(map(persona, numbers))
    habits = [HABITS[kind] for kind in personas]
    count = len(numbers)
    enrolled_ago = _enrolled_days_ago(
        np.array([habit.enrolled_days_ago for habit in habits], dtype=np.int64).reshape(count, 2), rhythm, rng
    )
    enrolled_ago = _some_this_month(np.array(numbers, dtype=np.int64), personas, enrolled_ago, rhythm, rng)
    silent = np.array([habit.silent_days for habit in habits], dtype=np.int64).reshape(count, 2)
    last_day = _last_day(silent, enrolled_ago, rhythm, rng)
    return Cohort(
        numbers=np.array(numbers, dtype=np.int64),
        personas=personas,
        enrolled_day=rhythm.days - enrolled_ago,
        last_day=last_day,
        videos_started=_videos_started(personas, lessons, rng),
        finishing_chance=np.array([habit.finishing_chance for habit in habits]),
        ability=np.array([habit.ability for habit in habits]) + 0.75 * rng.standard_normal(count),
    )


def _enrolled_days_ago(allowed: Ints, rhythm: Rhythm, rng: np.random.Generator) -> Ints:
    low, high = allowed[:, 0], np.minimum(allowed[:, 1], rhythm.days - 1)
    low = np.minimum(low, high)
    waves = rng.choice(len(WAVES), size=len(allowed), p=[share for *_, share in WAVES])
    begins, ends = (np.array([wave[side] for wave in WAVES], dtype=np.int64)[waves] for side in (0, 1))
    wanted = rng.integers(begins, ends, endpoint=True)
    return np.where((wanted >= low) & (wanted <= high), wanted, rng.integers(low, high, endpoint=True))


def _some_this_month(
    numbers: Ints, personas: tuple[Persona, ...], enrolled_ago: Ints, rhythm: Rhythm, rng: np.random.Generator
) -> Ints:
    """Every other newcomer, and every other one who never started, enrolled this month."""
    day_of_month = rhythm.days - rhythm.month_start_day
    this_month = rng.integers(0, min(day_of_month, 20), endpoint=True, size=len(numbers))
    young = np.isin(np.array(personas, dtype=object), [Persona.NEWCOMER, Persona.NEVER_STARTED])
    return np.where(young & (numbers % 4 < 2), this_month, enrolled_ago)


def _last_day(silent: Ints, enrolled_ago: Ints, rhythm: Rhythm, rng: np.random.Generator) -> Ints:
    longest = np.minimum(silent[:, 1], enrolled_ago)
    shortest = np.minimum(silent[:, 0], longest)
    return rhythm.days_within(rhythm.days - longest, rhythm.days - shortest, rng.random(len(silent)))


def _videos_started(personas: tuple[Persona, ...], lessons: Lessons, rng: np.random.Generator) -> Ints:
    allowed = np.array([HABITS[kind].videos_started for kind in personas], dtype=np.int64).reshape(len(personas), 2)
    allowed = np.minimum(allowed, len(lessons.published))
    # The smaller of two throws: few get far, so the audience shrinks from video to video.
    throws = rng.integers(allowed[:, :1], allowed[:, 1:], endpoint=True, size=(len(personas), 2))
    started: Ints = throws.min(axis=1)
    if lessons.course.plants is not None:
        stuck = np.array([kind == Persona.STUCK for kind in personas], dtype=bool)
        started = np.where(stuck, np.minimum(started, lessons.course.plants.stuck_video + 1), started)
    return started


def sitting_days(cohort: Cohort, student: Ints, place: Floats, rhythm: Rhythm) -> Ints:
    """The day of each sitting: `place` runs from 0 (the student's first) to 1 (the last).

    Students who came back have a long time away after two thirds of their sittings.
    """
    first, last = cohort.enrolled_day[student], cohort.last_day[student]
    days = rhythm.days_within(first, last, place)
    first_stay, return_stay = COMEBACK_DAYS
    early = rhythm.days_within(first, np.minimum(first + first_stay, last), np.minimum(place * 1.5, 1.0))
    late = rhythm.days_within(np.maximum(last - return_stay, first), last, np.maximum(place * 3 - 2, 0.0))
    came_back = cohort.are(Persona.RETURNING)[student]
    days = np.where(came_back, np.where(place < 2 / 3, early, late), days)
    return np.where(place <= 0, first, np.where(place >= 1, last, days))
