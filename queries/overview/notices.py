"""What needs attention, for the notifications of the top bar."""

from dataclasses import dataclass
from typing import Annotated, Any, Literal
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.quizzes.struggling import STRUGGLING
from rules.limits import LEAST_VIEWERS, LOW_COMPLETION

LIMITS: dict[str, Any] = {**STRUGGLING, "enough_viewers": LEAST_VIEWERS, "low_percent": LOW_COMPLETION}

NOTICES = sql("queries/overview/notices")
EXPORT_NOTICES = sql("queries/overview/export_notices")

SEEN = "select notice_key from seen_notices where creator_id = :creator_id and account_id = :account_id"


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """One row per notice."""

    kind: Literal["at_risk", "quiz", "video"]
    notice_key: str  # a new one each time a student stops coming
    subject_id: UUID
    subject: str  # a name or title
    figure: float  # days away; percent of attempts failed; percent of viewers who completed it
    people: int | None  # attempts; viewers; None for a student
    succeeded: int | None  # of these, passed or completed
    students: int | None  # who took the quiz
    length_seconds: int | None  # of the video


@dataclass(frozen=True, slots=True)
class ExportNoticeRow:
    """One row per export that was completed or failed."""

    notice_key: str
    export_type: str
    format: str
    status: str
    error_message: str  # empty: none was kept
    is_own: bool  # requested by the account: it is there already, and no news unless it failed


@cached_query
def notices(creator_id: UUID) -> Annotated[pd.DataFrame, NoticeRow]:
    """Students who became at risk in the last 7 days, struggling quizzes, videos that few complete.

    By kind, most urgent first.
    """
    return frame(creator_id, NOTICES, **LIMITS)


def export_notices(creator_id: UUID, account_id: UUID | None = None) -> Annotated[pd.DataFrame, ExportNoticeRow]:
    """Exports that were completed or failed in the last 7 days, newest first, from export_logs; never cached."""
    return frame(creator_id, EXPORT_NOTICES, account_id=account_id)


def seen_notice_keys(creator_id: UUID, account_id: UUID) -> frozenset[str]:
    """What this account marked as seen; never cached, so that the mark shows immediately."""
    return frozenset(frame(creator_id, SEEN, account_id=account_id)["notice_key"])
