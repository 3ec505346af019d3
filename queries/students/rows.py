"""The rows of lists of students."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class StudentRow:
    """One row per student, as of the clock."""

    student_id: UUID
    name: str
    email: str | None
    engagement_tier: str
    status: str
    created_at: datetime
    last_active: datetime | None  # None: never started
    silent_days: float  # since the last activity or, without one, the enrolment
    videos_watched: int
    videos_completed: int
    published_videos: int
    progress_percent: int
    avg_completion_percent: float | None
    watch_seconds: int
    quiz_attempts: int
    quizzes_passed: int
    questions_asked: int
    xp_points: int
    level: int
    streak_days: int
    is_finished: bool


@dataclass(frozen=True, slots=True)
class AtRiskRow(StudentRow):
    """One row per student who has been away for over 7 days and has not finished."""

    usual_gap_days: float | None  # None: too few days to tell
    failed_in_a_row: int
    has_come_back: bool  # seen since then, if the clock is set to the past
