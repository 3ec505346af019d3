"""Events in a period that may explain its figures: a video changed, an email went out, a run started."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.period import Period

VIDEO_CHANGED, MAIL_SENT, RUN_STARTED = "video_changed", "mail_sent", "run_started"
MOST_MARKERS = 60  # more would cover the figures

MARKERS = sql("queries/periods/markers")


@dataclass(frozen=True, slots=True)
class MarkerRow:
    """One row per local day, kind and what it was about."""

    day: datetime
    kind: str  # video_changed (a new file or description), mail_sent or run_started
    title: str
    target_id: UUID  # the video, the announcement or the run


@cached_query
def markers(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, MarkerRow]:
    """What happened on the days of the period, newest first, at most 60.

    From video_editions, the audit log, announcements and course_runs.
    """
    return frame(creator_id, MARKERS, dates=["day"], most=MOST_MARKERS, **period.parameters)
