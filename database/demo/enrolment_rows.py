"""Enrolments in several courses: everybody in the first one, and in the next ones as soon as they get there."""

import numpy as np
import pandas as pd

from database.demo.batch import Batch
from database.demo.course_rows import run_id
from database.demo.courses import Course, Run
from database.demo.lessons import Lessons
from database.demo.personas import Persona
from database.demo.rhythm import DAY_SECONDS, Floats, Ints, Rhythm
from database.demo.tables import Columns, stamps, texts

SECONDS_BEFORE = 900  # between enrolling in a further course and its first video
# These book the next course right away and hardly ever get there.
HOPEFUL = (Persona.STUCK, Persona.FADING, Persona.SILENT, Persona.RETURNING)
# Of the students who stopped coming, every fourth has left.
LEAVES_ONE_IN = 4


def enrolment_rows(lived: Batch, lessons: Lessons, rhythm: Rhythm, created_at: Ints) -> Columns:
    """One row per student, course and run; `created_at` is when each student of the batch joined."""
    course = lessons.course
    first = _first_activities(lived, lessons)
    rows: pd.DataFrame = pd.concat(
        [_of_the_first(lived, created_at), _booked(lived, course, rhythm, created_at), first]
    )
    rows = pd.DataFrame(rows.groupby(["student", "section"], as_index=False)["at"].min())
    section, at = rows["section"].to_numpy(np.int64), rows["at"].to_numpy(np.int64)
    runs = [
        _run_at(course, place, instant, rhythm) for place, instant in zip(section.tolist(), at.tolist(), strict=True)
    ]
    student = rows["student"].to_numpy(np.int64)
    return Columns(
        "enrolments",
        {
            "student_id": texts(lived.ids[place] for place in student.tolist()),
            "run_id": texts(run_id(course, *run) for run in zip(section.tolist(), runs, strict=True)),
            "enrolled_at": stamps(at),
            "ended_at": stamps(_ended_at(lived, lessons, rhythm, rows)),
        },
    )


def _of_the_first(lived: Batch, created_at: Ints) -> pd.DataFrame:
    return pd.DataFrame({"student": np.arange(len(lived.cohort)), "section": 0, "at": created_at})


def _booked(lived: Batch, course: Course, rhythm: Rhythm, created_at: Ints) -> pd.DataFrame:
    """Students who book the second course together with the first, while its first group is running."""
    ends = course.sections[1].runs[0].ends_days_ago or 0
    student = np.flatnonzero(lived.cohort.are(*HOPEFUL) & (created_at < rhythm.now_seconds - ends * DAY_SECONDS))
    return pd.DataFrame({"student": student, "section": 1, "at": created_at[student]})


def _first_activities(lived: Batch, lessons: Lessons) -> pd.DataFrame:
    """When each student first did something in each course, which is when they joined it."""
    done = _activities(lived, lessons)
    done = pd.DataFrame(done.groupby(["student", "section"], as_index=False)["at"].min())
    return done.assign(at=done["at"] - SECONDS_BEFORE)[done["section"] > 0]


def _activities(lived: Batch, lessons: Lessons) -> pd.DataFrame:
    """Student, section, at."""
    sections = np.array([lessons.course.section_of(video.part) for video in lessons.watchable], dtype=np.int64)
    messages = lived.talk.messages[lived.talk.messages["role"] == "user"]
    viewings = pd.concat([lived.told.runs[["viewing", "at"]], lived.told.attempts[["viewing", "at"]]])
    viewing = viewings["viewing"].to_numpy()
    video = np.concatenate([lived.watched.video[viewing], messages["video"].to_numpy(np.int64)])
    return pd.DataFrame(
        {
            "student": np.concatenate([lived.watched.student[viewing], messages["student"].to_numpy(np.int64)]),
            "section": sections[video],
            "at": np.concatenate([viewings["at"].to_numpy(np.int64), messages["at"].to_numpy(np.int64)]),
        }
    )


def _run_at(course: Course, section: int, instant: int, rhythm: Rhythm) -> int:
    """The place of the run under way at that instant, otherwise of the first one."""
    held = [place for place, run in enumerate(course.sections[section].runs) if _has_begun(run, instant, rhythm)]
    return held[-1] if held else 0


def _has_begun(run: Run, instant: int, rhythm: Rhythm) -> bool:
    return run.starts_days_ago is None or instant >= rhythm.now_seconds - run.starts_days_ago * DAY_SECONDS


def _ended_at(lived: Batch, lessons: Lessons, rhythm: Rhythm, rows: pd.DataFrame) -> Floats:
    """Some inactive students left the first course, half-way between their last activity and now."""
    silent = lived.cohort.are(Persona.SILENT) & (lived.cohort.numbers % LEAVES_ONE_IN == 2)
    last = _activities(lived, lessons).groupby("student")["at"].max()
    since = np.fmax(last.reindex(rows["student"]).to_numpy(np.float64), rows["at"].to_numpy(np.float64))
    leaves = silent[rows["student"].to_numpy(np.int64)] & (rows["section"] == 0)
    ended_at: Floats = np.where(leaves.to_numpy(), (since + rhythm.now_seconds) / 2, np.nan)
    return ended_at
