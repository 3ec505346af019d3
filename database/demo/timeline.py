"""When everything happened: viewings and quizzes strung together into sittings."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from database.demo.cohort import DAYS_PER_VIDEO, Cohort, sitting_days
from database.demo.lessons import Lessons
from database.demo.rhythm import Ints, Rhythm
from database.demo.watching import Viewings

SITTINGS_LATER = np.array([0, 1, 3])  # by part of a viewing
REST_SECONDS = 90  # between the end of a sitting and now, so that its questions are answered


@dataclass(frozen=True)
class Timeline:
    """`runs` and `attempts` with their instant `at` (a run's start, an attempt's end), in seconds since 1970.

    `sittings` has one row per student and day with a sitting: student, at.
    """

    runs: pd.DataFrame
    attempts: pd.DataFrame
    sittings: pd.DataFrame


def timeline(
    cohort: Cohort,
    watched: Viewings,
    runs: pd.DataFrame,
    attempts: pd.DataFrame,
    rhythm: Rhythm,
    rng: np.random.Generator,
) -> Timeline:
    """Place every run and attempt in time; a student's viewings keep their order."""
    sittings, sitting_of_viewing = _sittings(cohort, watched, rhythm, rng)
    last_sitting = sittings.groupby("student")["sitting"].max().reindex(range(len(cohort)), fill_value=0).to_numpy()
    entries = pd.concat([_run_entries(runs, rng), _attempt_entries(runs, attempts, rng)], ignore_index=True)
    viewing = entries["viewing"].to_numpy()
    student = watched.student[viewing]
    sitting = np.minimum(sitting_of_viewing[viewing] + entries["later"].to_numpy(), last_sitting[student])
    entries = _strung(entries.assign(student=student, sitting=sitting, order=watched.order[viewing]))
    begun = _begun(sittings, entries, rhythm)
    entries = entries.merge(begun, on=["student", "sitting"], how="left").sort_values("place")
    entries["ended_at"] = entries["at"] + entries["until"]
    of_runs, of_attempts = entries[entries["is_run"]], entries[~entries["is_run"]]
    return Timeline(
        runs=runs.assign(at=(of_runs["ended_at"] - of_runs["seconds"]).to_numpy(np.int64)),
        attempts=attempts.assign(at=of_attempts["ended_at"].to_numpy(np.int64)),
        sittings=begun[["student", "at"]],
    )


def _strung(entries: pd.DataFrame) -> pd.DataFrame:
    """The entries one after the other, with the second of the sitting at which each ends."""
    # Within one part they are already in playing order, which a stable sort keeps.
    ordered = entries.sort_values(["student", "sitting", "order", "step"], kind="stable")
    taken = ordered["pause"] + ordered["seconds"]
    return ordered.assign(until=taken.groupby([ordered["student"], ordered["sitting"]]).cumsum())


def _begun(sittings: pd.DataFrame, entries: pd.DataFrame, rhythm: Rhythm) -> pd.DataFrame:
    """The sittings in which something was done, started early enough to be over by now."""
    lengths = entries.groupby(["student", "sitting"], as_index=False)["until"].max()
    begun = sittings.merge(lengths, on=["student", "sitting"])
    latest = rhythm.now_seconds - REST_SECONDS - begun["until"]
    return begun.assign(at=np.minimum(begun["at"], latest)).drop(columns="until")


def without_withdrawn(told: Timeline, watched: Viewings, lessons: Lessons) -> Timeline:
    """Leave out playback of a video after its deletion."""
    runs = told.runs
    gone_at = np.array(
        [video.deleted_at.timestamp() if video.deleted_at else np.inf for video in lessons.watchable], dtype=np.float64
    )
    ended_at = runs["at"] + runs["end"] - runs["start"]
    existed = ended_at.to_numpy() <= gone_at[watched.video[runs["viewing"]]]
    return replace(told, runs=runs[existed].reset_index(drop=True))


def _sittings(cohort: Cohort, watched: Viewings, rhythm: Rhythm, rng: np.random.Generator) -> tuple[pd.DataFrame, Ints]:
    """One row per student and sitting (student, sitting, at), and the sitting of every viewing."""
    viewed = np.bincount(watched.student, minlength=len(cohort))
    days_there = cohort.last_day - cohort.enrolled_day + 1
    planned = np.where(viewed > 0, np.clip(np.rint(viewed * DAYS_PER_VIDEO), 1, days_there), 0).astype(np.int64)
    student = np.repeat(np.arange(len(cohort)), planned)
    first_row = np.cumsum(planned) - planned
    number = np.arange(len(student)) - first_row[student]
    last = planned[student] - 1
    jitter = np.where((number == 0) | (number == last), 0.0, rng.uniform(-0.35, 0.35, len(student)))
    place = np.where(last == 0, 1.0, (number + jitter) / np.maximum(last, 1))
    day = sitting_days(cohort, student, place, rhythm)

    # Sittings that fell on the same day become one.
    begins = np.append(True, (student[1:] != student[:-1]) | (day[1:] != day[:-1]))[: len(student)]
    merged = np.cumsum(begins) - 1
    sitting = merged - merged[first_row[student]] if len(student) else merged
    started = rhythm.instants(day, rhythm.seconds_of_day(day, rng.random(len(day))))
    table = pd.DataFrame({"student": student, "sitting": sitting, "at": started})[begins]
    wanted = watched.order * planned[watched.student] // np.maximum(viewed[watched.student], 1)
    return table, sitting[first_row[watched.student] + wanted] if len(student) else watched.student


def _run_entries(runs: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    is_first = ~runs.duplicated(["viewing", "part"]).to_numpy()
    settling = rng.integers(20, 180, len(runs))
    return pd.DataFrame(
        {
            "is_run": np.ones(len(runs), dtype=bool),
            "place": np.arange(len(runs)),
            "viewing": runs["viewing"].to_numpy(),
            "step": runs["part"].map({0: 0, 1: 1, 2: 9}).to_numpy(np.int64),
            "later": SITTINGS_LATER[runs["part"].to_numpy()],
            "pause": np.where(is_first, settling, runs["pause"]),
            "seconds": (runs["end"] - runs["start"]).to_numpy(),
        }
    )


def _attempt_entries(runs: pd.DataFrame, attempts: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """A quiz follows its video; the third attempt waits for another day."""
    interrupted = attempts["viewing"].isin(runs.loc[runs["part"] == 1, "viewing"]).to_numpy()
    number = attempts["attempt_number"].to_numpy()
    return pd.DataFrame(
        {
            "is_run": np.zeros(len(attempts), dtype=bool),
            "place": np.arange(len(attempts)),
            "viewing": attempts["viewing"].to_numpy(),
            "step": number + 1,
            "later": interrupted.astype(np.int64) + (number > 2),
            "pause": rng.integers(40, 300, len(attempts)),
            "seconds": attempts["seconds"].to_numpy(),
        }
    )
