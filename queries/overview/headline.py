"""The headline figures of one creator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from database.frames import one_row
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.changes import change_percent, share_percent

OVERVIEW_STATS = sql("queries/overview/overview_stats")


@dataclass(frozen=True)
class OverviewStats:
    total_students: int
    active_students_7d: int
    active_students_30d: int
    new_this_month: int
    new_last_month: int
    active_this_week: int
    active_week_before: int
    avg_completion_percent: float | None
    total_videos: int
    processed_videos: int
    total_video_views: int
    videos_watched: int
    quiz_attempts: int
    quizzes_passed: int
    questions_asked: int
    questions_answered: int
    satisfaction_rate: float | None
    refreshed_at: datetime | None

    @property
    def active_percentage(self) -> int | None:
        return share_percent(self.active_students_7d, self.total_students)

    @property
    def active_change_percent(self) -> int | None:
        return change_percent(self.active_this_week, self.active_week_before)

    @property
    def new_change_percent(self) -> int | None:
        return change_percent(self.new_this_month, self.new_last_month)


@cached_query
def overview_stats(creator_id: UUID) -> OverviewStats:
    """Current totals, with changes compared with the week and the month before.

    Percents are 0 to 100, `satisfaction_rate` 0 to 1; None where there is nothing to divide by.
    """
    return OverviewStats(**one_row(creator_id, OVERVIEW_STATS))
