"""One video: its figures, what students ask about it, how they do in its quizzes."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd
from sqlalchemy.exc import NoResultFound

from database.frames import frame, one_row
from database.statements import sql
from queries.cache.caching import cached_query
from queries.quizzes.struggling import STRUGGLING
from queries.videos.editions import OF_VIDEOS
from rules.limits import GOOD_RATING, HIGH_COMPLETION, LEAST_RATINGS, LEAST_VIEWERS, LOW_COMPLETION
from rules.sentences import sentence

TOO_LONG, AVERAGE, HIGH = "may be too long or too difficult", "average completion", "high completion"
TOO_FEW = "too few viewers to tell"

VIDEO_ANALYTICS = sql("queries/videos/video_analytics")
RELATED_QUESTIONS = sql("queries/videos/related_questions")
QUIZ_RESULTS = sql("queries/videos/quiz_results_of_video")


@dataclass(frozen=True)
class VideoAnalytics:
    """A video's current figures, for the edition of its file that is shown.

    Percents are 0 to 100; None if there is nothing to divide by. The completion rate is None below five viewers.
    """

    video_id: UUID
    title: str
    status: str
    duration_seconds: int | None
    transcript: str | None
    transcript_times: str | None  # of its lines, as they are stored
    created_at: datetime
    views: int
    unique_viewers: int
    completions: int
    completion_rate_percent: float | None
    avg_watched_percent: float | None
    avg_drop_off_percent: float | None
    watch_seconds: int
    last_watched_at: datetime | None
    views_7d: int
    questions_asked: int
    question_askers: int
    refreshed_at: datetime | None

    @property
    def completion_band(self) -> str:
        """What the completion rate says about the video, in words."""
        return completion_band(self.completion_rate_percent, self.unique_viewers)


@cached_query
def video_analytics(creator_id: UUID, video_id: UUID) -> VideoAnalytics | None:
    """The figures of one video; None for one that is unknown, deleted or another creator's."""
    try:
        return VideoAnalytics(**one_row(creator_id, VIDEO_ANALYTICS, video_id=video_id, **OF_VIDEOS))
    except NoResultFound:
        return None


@dataclass(frozen=True, slots=True)
class RelatedQuestionRow:
    """One row per question that students ask about a video."""

    question: str  # its most frequent wording
    question_key: str
    people: int
    messages: int
    unanswered: int  # messages
    ratings: int
    mean_rating: float | None  # 0 to 1
    is_badly_answered: bool  # a mean under 0.5 from at least 3 ratings
    last_asked_at: datetime


@dataclass(frozen=True, slots=True)
class VideoQuizRow:
    """One row per quiz on a video; figures over all attempts so far."""

    quiz_id: UUID
    title: str
    status: str  # draft or published
    attempts: int
    students: int
    passed: int  # attempts
    pass_rate_percent: float | None
    is_struggling: bool


@cached_query
def related_questions(creator_id: UUID, video_id: UUID, limit: int = 50) -> Annotated[pd.DataFrame, RelatedQuestionRow]:
    """What students ask about the video, questions of the most people first."""
    return frame(
        creator_id,
        RELATED_QUESTIONS,
        dates=["last_asked_at"],
        video_id=video_id,
        limit=limit,
        bad_rating=GOOD_RATING,
        least_ratings=LEAST_RATINGS,
    )


@cached_query
def quiz_results_of_video(creator_id: UUID, video_id: UUID) -> Annotated[pd.DataFrame, VideoQuizRow]:
    """The quizzes on the video, in their order, drafts included."""
    return frame(
        creator_id,
        QUIZ_RESULTS,
        video_id=video_id,
        **STRUGGLING,
    )


@sentence
def completion_band(rate_percent: float | None, viewers: int) -> str:
    """What a completion rate says about a video: not its quality, because only those who got that far can start it."""
    if rate_percent is None or viewers < LEAST_VIEWERS:
        return TOO_FEW
    if rate_percent < LOW_COMPLETION:
        return TOO_LONG
    return AVERAGE if rate_percent <= HIGH_COMPLETION else HIGH
