"""Students as rows, with what follows from everything they did."""

import numpy as np
import pandas as pd
import pyarrow as pa

from database.demo.batch import Batch
from database.demo.people import email
from database.demo.personas import deleted_students
from database.demo.progress import levels, points, streaks
from database.demo.rhythm import Ints, Rhythm
from database.demo.tables import Columns, stamps, texts

ENROLMENT_SECONDS = (60, 1500)  # before the first login at the latest


def student_rows(lived: Batch, rhythm: Rhythm) -> Columns:
    """One row per student of the batch."""
    signs = _signs_of_life(lived)
    count = len(lived.cohort)
    last = signs.groupby("student")["at"].max().reindex(range(count))
    enrolled = enrolled_at(lived, rhythm)
    xp = _points(lived)
    silent_since = np.where(last.isna(), enrolled, last).astype(np.float64)
    left = silent_since + lived.enrolment[:, 1] * (rhythm.now_seconds - silent_since)
    gone = deleted_students(lived.total_students)
    numbers = lived.cohort.numbers.tolist()
    return Columns(
        "students",
        {
            "id": texts(lived.ids),
            "external_id": texts(f"learner-{number + 1:06d}" for number in numbers),
            "name": texts(lived.names),
            "email": texts(map(email, lived.names, numbers)),
            "xp_points": pa.array(xp),
            "level": pa.array(levels(xp)),
            "streak_days": pa.array(
                streaks(
                    signs["student"].to_numpy(), rhythm.local_days(signs["at"].to_numpy(np.int64)), rhythm.days, count
                )
            ),
            "last_active": stamps(last.to_numpy()),
            "created_at": stamps(enrolled),
            "deleted_at": stamps(np.where([number in gone for number in numbers], left, np.nan)),
        },
    )


def _signs_of_life(lived: Batch) -> pd.DataFrame:
    runs, attempts, messages = lived.told.runs, lived.told.attempts, lived.talk.messages
    asked = messages[messages["role"] == "user"]
    return pd.DataFrame(
        {
            "student": np.concatenate(
                [
                    lived.watched.student[runs["viewing"]],
                    lived.watched.student[attempts["viewing"]],
                    lived.logins["student"],
                    asked["student"].to_numpy(np.int64),
                ]
            ),
            "at": np.concatenate([runs["at"], attempts["at"], lived.logins["at"], asked["at"].to_numpy(np.int64)]),
        }
    )


def enrolled_at(lived: Batch, rhythm: Rhythm) -> Ints:
    """At some time of the enrolment day, and before the first login."""
    day = lived.cohort.enrolled_day
    some_time = rhythm.instants(day, rhythm.seconds_of_day(day, lived.enrolment[:, 0]))
    low, high = ENROLMENT_SECONDS
    first_login = lived.logins.groupby("student")["at"].min().reindex(range(len(day)), fill_value=rhythm.now_seconds)
    before_login = first_login.to_numpy(np.int64) - low - ((high - low) * lived.enrolment[:, 1]).astype(np.int64)
    started = first_login.to_numpy() < rhythm.now_seconds
    return np.where(started, np.minimum(some_time, before_login), some_time)


def _points(lived: Batch) -> Ints:
    def per_student(student: Ints, weights: Ints | None = None) -> Ints:
        return np.bincount(student, weights, minlength=len(lived.cohort)).astype(np.int64)

    student = lived.watched.student[lived.progress["viewing"]]
    attempts, messages = lived.told.attempts, lived.talk.messages
    return points(
        started=per_student(student),
        completed=per_student(student[lived.progress["completed"].to_numpy(bool)]),
        passed=per_student(lived.watched.student[attempts.loc[attempts["passed"], "viewing"]]),
        asked=per_student(messages.loc[messages["role"] == "user", "student"].to_numpy(np.int64)),
        watched_seconds=per_student(student, lived.progress["seconds"].to_numpy(np.int64)),
    )
