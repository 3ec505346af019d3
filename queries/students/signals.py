"""What stands out about one student: the signals that apply, most serious first."""

from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from rules.limits import AT_RISK_DAYS, INACTIVE_DAYS, STUCK_DAYS

SILENCE_DAYS = 3  # a shorter gap is a weekend, not time away
SILENCE_FACTOR = 2  # times the usual gap
LONG_SILENCE_DAYS = INACTIVE_DAYS
BACK_WITHIN_DAYS = 14
FAILURES = 3
REPETITIONS, CONVERSATIONS = 3, 2
REPEATED_SHOWN = 3

SILENCE_BOUNDS: dict[str, Any] = {"silence_days": SILENCE_DAYS, "silence_factor": SILENCE_FACTOR}

SIGNALS = sql("queries/students/student_signals")


@dataclass(frozen=True, slots=True)
class SignalRow:
    """One row per signal; fields that do not apply to a kind are None."""

    kind: str  # never_started, silent, failing, stuck, repeating, came_back or finished
    days: float | None  # away; came_back: since the return
    usual_gap_days: float | None  # None: too few days to tell
    times: int | None  # failed in a row; asked; came_back: days away; finished: videos
    conversations: int | None
    subject: str | None  # the title of the quiz or video, the question
    place: int | None  # of the video in the course, from 1
    percent: float | None  # the last score; how far the video was played
    video_id: UUID | None
    quiz_id: UUID | None  # None: deleted


@cached_query
def student_signals(creator_id: UUID, student_id: UUID) -> Annotated[pd.DataFrame, SignalRow]:
    """The signals that apply to a student now, most serious first; none for an id that is not the creator's.

    `queries.students.reasons.signal_in_words` puts them into words.
    """
    return frame(
        creator_id,
        SIGNALS,
        student_id=student_id,
        silent_days=AT_RISK_DAYS,
        stuck_days=STUCK_DAYS,
        long_silence_days=LONG_SILENCE_DAYS,
        back_within_days=BACK_WITHIN_DAYS,
        failures=FAILURES,
        repetitions=REPETITIONS,
        conversations=CONVERSATIONS,
        repeated_shown=REPEATED_SHOWN,
        **SILENCE_BOUNDS,
    )
