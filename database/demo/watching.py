"""Who watched which video, how far, and in which runs of playback."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from database.demo.cohort import Cohort
from database.demo.lessons import Lessons
from database.demo.personas import Persona
from database.demo.rhythm import Ints

COMPLETED_SHARE = 0.9
COMPLETE_WATCHERS = (Persona.FINISHED, Persona.FINISHED_SILENT)
CLIFF_SHARE = 0.7
REPLAY_SHARE = 0.6
RUN_SECONDS = (120, 420)
STILL_THERE = 0.62  # roughly how much of an unfinished video is watched at most


@dataclass(frozen=True)
class Viewings:
    """One entry per student and started video, by student and then in the order of watching."""

    student: Ints  # place in the cohort
    video: Ints  # place in `Lessons.watchable`
    order: Ints  # from 0 within the student
    stop_second: Ints
    duration: Ints
    is_faithful: npt.NDArray[np.bool_]  # nothing is skipped

    def __len__(self) -> int:
        return len(self.student)

    @property
    def reached_end(self) -> npt.NDArray[np.bool_]:
        return self.stop_second >= COMPLETED_SHARE * self.duration


def viewings(cohort: Cohort, lessons: Lessons, rng: np.random.Generator) -> Viewings:
    """The videos of each student, in course order, with a few left out."""
    student, video = _started(cohort, lessons, rng)
    order = count_within(student)
    duration = np.array([video.duration_seconds or 0 for video in lessons.watchable], dtype=np.int64)[video]
    faithful = cohort.are(*COMPLETE_WATCHERS)[student]
    return Viewings(
        student=student,
        video=video,
        order=order,
        stop_second=_stop_seconds(cohort, lessons, student, video, duration, rng),
        duration=duration,
        is_faithful=faithful,
    )


def _started(cohort: Cohort, lessons: Lessons, rng: np.random.Generator) -> tuple[Ints, Ints]:
    student = np.repeat(np.arange(len(cohort)), cohort.videos_started)
    video = count_within(student)
    is_last = video == cohort.videos_started[student] - 1
    may_skip = ~cohort.are(*COMPLETE_WATCHERS, Persona.FAILING, Persona.REPEATING)[student]
    skipped = may_skip & (video > 0) & ~is_last & (rng.random(len(student)) < 0.04)
    student, video = student[~skipped], video[~skipped]
    if not lessons.withdrawn:
        return student, video
    # The withdrawn first take was second in the course; its viewers watched both.
    may_have_seen = (cohort.videos_started > 1) & ~cohort.are(Persona.REPEATING)
    early = np.flatnonzero(may_have_seen & (rng.random(len(cohort)) < 0.7))
    order = np.concatenate([video.astype(np.float64), np.full(len(early), 0.5)])
    student = np.concatenate([student, early])
    video = np.concatenate([video, np.full(len(early), len(lessons.published))])
    by_course = np.lexsort([order, student])
    return student[by_course], video[by_course]


def _stop_seconds(
    cohort: Cohort, lessons: Lessons, student: Ints, video: Ints, duration: Ints, rng: np.random.Generator
) -> Ints:
    count = len(student)
    appeal = 1.08 - 0.2 * duration / 1500  # long videos lose more
    finishes = rng.random(count) < cohort.finishing_chance[student] * appeal
    share = np.where(
        finishes,
        np.where(rng.random(count) < 0.75, 1.0, rng.uniform(0.93, 1.0, count)),
        STILL_THERE * rng.beta(1.6, 1.5, count) + 0.02,
    )
    faithful = cohort.are(*COMPLETE_WATCHERS)[student]
    share = np.where(faithful, 1.0, share)
    plants = lessons.course.plants
    if plants is not None:
        is_stuck = cohort.are(Persona.STUCK)[student] & (video == plants.stuck_video)
        share = np.where(is_stuck, rng.uniform(0.25, 0.6, count), share)
    stop = np.maximum(np.floor(share * duration).astype(np.int64), 10)
    if plants is not None:
        falls = (video == plants.cliff_video) & ~faithful & (rng.random(count) < CLIFF_SHARE)
        stop = np.where(falls, np.minimum(plants.cliff_second, duration), stop)
    return stop


def runs(watched: Viewings, lessons: Lessons, rng: np.random.Generator) -> pd.DataFrame:
    """Uninterrupted playback, one row per run, in playing order within a viewing.

    Columns: viewing (place in `watched`), part (0: at first, 1: after a break until the next
    sitting, 2: again later), start, end (video seconds), pause (seconds before the run).
    """
    first_time = _straight_through(watched, rng)
    played = pd.concat([first_time, _replays(watched, first_time, lessons, rng), _revisions(watched, rng)])
    played = played.sort_values(["viewing", "part", "turn"], kind="stable", ignore_index=True)
    pause = np.maximum(rng.lognormal(2.0, 0.8, len(played)), 1.0)
    away = rng.random(len(played)) < 0.06
    played["pause"] = np.where(away, rng.uniform(90, 420, len(played)), pause).astype(np.int64)
    return played.drop(columns="turn")


def _straight_through(watched: Viewings, rng: np.random.Generator) -> pd.DataFrame:
    usual = rng.uniform(*RUN_SECONDS, len(watched))
    count = np.maximum(np.rint(watched.stop_second / usual), 1).astype(np.int64)
    viewing = np.repeat(np.arange(len(watched)), count)
    turn = count_within(viewing)
    jitter = np.where(turn == 0, 0.0, rng.uniform(-0.25, 0.25, len(viewing)))
    start = np.floor(watched.stop_second[viewing] * (turn + jitter) / count[viewing]).astype(np.int64)
    is_last = turn == count[viewing] - 1
    end = np.where(is_last, watched.stop_second[viewing], np.append(start[1:], 0))
    jumped = (turn > 0) & ~watched.is_faithful[viewing] & (rng.random(len(viewing)) < 0.05)
    jumped &= end - start > 45
    start = start + np.where(jumped, rng.integers(5, 30, len(viewing)), 0)
    breaks = (rng.random(len(watched)) < 0.08) & (count > 1)
    part = (breaks[viewing] & (turn >= count[viewing] // 2)).astype(np.int64)
    return pd.DataFrame({"viewing": viewing, "part": part, "turn": turn.astype(np.float64), "start": start, "end": end})


def _replays(watched: Viewings, first_time: pd.DataFrame, lessons: Lessons, rng: np.random.Generator) -> pd.DataFrame:
    """Jumps back: some anywhere, and many to the planted section, one to three times."""
    some = first_time[(first_time["end"] - first_time["start"] > 60) & (rng.random(len(first_time)) < 0.02)]
    anywhere: pd.DataFrame = some.assign(turn=some["turn"] + 0.5, start=some["end"] - 40)
    plants = lessons.course.plants
    if plants is None:
        return anywhere
    first, last = plants.replayed_seconds
    covering = first_time[
        (watched.video[first_time["viewing"]] == plants.replayed_video)
        & (first_time["start"] < last)
        & (first_time["end"] >= last)
    ]
    wanting = covering[rng.random(len(covering)) < REPLAY_SHARE]
    section = wanting.loc[wanting.index.repeat(rng.integers(1, 4, len(wanting)))]
    slack = rng.integers(0, 4, (2, len(section)))
    again = section.assign(turn=section["turn"] + 0.5, start=first - slack[0], end=last + slack[1])
    return pd.concat([anywhere, pd.DataFrame(again)])


def _revisions(watched: Viewings, rng: np.random.Generator) -> pd.DataFrame:
    """Some who watched a video to the end watch a part of it again, days later."""
    viewing = np.flatnonzero(watched.reached_end & (rng.random(len(watched)) < 0.05))
    start = np.floor(rng.uniform(0, 0.5, len(viewing)) * watched.stop_second[viewing]).astype(np.int64)
    end = np.minimum(start + rng.integers(90, 400, len(viewing)), watched.stop_second[viewing])
    return pd.DataFrame({"viewing": viewing, "part": 2, "turn": 0.0, "start": start, "end": end})


def count_within(groups: Ints) -> Ints:
    """0, 1, 2, … within each run of equal values."""
    if len(groups) == 0:
        return groups
    is_first = np.append(True, groups[1:] != groups[:-1])
    first_place = np.flatnonzero(is_first)
    return np.arange(len(groups)) - np.repeat(first_place, np.diff(np.append(first_place, len(groups))))
