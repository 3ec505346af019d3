"""One video: its figures, what students ask about it, how they do in its quizzes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd
from sqlalchemy.exc import NoResultFound

from database.frames import frame, one_row
from queries.caching import cached_query

LEAST_VIEWERS = 5
LOW_COMPLETION, HIGH_COMPLETION = 30, 60  # percent
TOO_LONG, AVERAGE, HIGH_QUALITY = "may be too long or too difficult", "average engagement", "high-quality content"
TOO_FEW = "too few viewers to tell"
BAD_RATING, LEAST_RATINGS = 0.5, 3
STRUGGLING_FAILURES, LEAST_ATTEMPTS = 0.5, 5

VIDEO_ANALYTICS = """
    -- One row, or none for a video that is unknown, deleted or another creator's.
    with playbacks_ordered as (
        select
            started_videos.student_id,
            coalesce(watch_segments.watched_at, started_videos.first_watched) as watched_at,
            lag(watch_segments.watched_at) over (
                partition by started_videos.student_id
                order by watch_segments.watched_at
            ) as before_at
        from started_videos
        left join watch_segments
            on
                watch_segments.creator_id = started_videos.creator_id
                and watch_segments.student_id = started_videos.student_id
                and watch_segments.video_id = started_videos.video_id
        where
            started_videos.creator_id = :creator_id
            and started_videos.video_id = :video_id
    ),

    recent_views_counted as (
        -- A view counts when it began; it is a run of playback with gaps of up to 30 minutes.
        select count(*) as views_7d
        from playbacks_ordered
        where
            (before_at is null or watched_at - before_at > interval '30 minutes')
            and watched_at between dashboard_now() - interval '168 hours' and dashboard_now()
    ),

    questions_counted as (
        select
            count(*) as questions_asked,
            count(distinct student_id) as question_askers
        from questions_asked
        where
            creator_id = :creator_id
            and video_id = :video_id
    )

    select
        videos.id as video_id,
        videos.title,
        videos.status,
        videos.duration_seconds,
        videos.transcript,
        videos.created_at,
        coalesce(analytics.total_views, 0) as views,
        coalesce(analytics.unique_viewers, 0) as unique_viewers,
        coalesce(analytics.completions, 0) as completions,
        analytics.completion_rate as completion_rate_percent,
        analytics.avg_watch_percentage as avg_watched_percent,
        analytics.avg_drop_off_percentage as avg_drop_off_percent,
        coalesce(analytics.total_watch_seconds, 0) as watch_seconds,
        analytics.last_watched_at,
        recent_views_counted.views_7d,
        questions_counted.questions_asked,
        questions_counted.question_askers,
        versions.refreshed_at
    from videos
    cross join recent_views_counted
    cross join questions_counted
    left join video_analytics as analytics
        on
            analytics.creator_id = videos.creator_id
            and analytics.video_id = videos.id
    left join creator_data_versions as versions on versions.creator_id = videos.creator_id
    where
        videos.creator_id = :creator_id
        and videos.id = :video_id
        and videos.deleted_at is null
"""

RELATED_QUESTIONS = """
    -- One row per question that students asked about the video; wordings of one question are one.
    with asked as (
        select
            questions_asked.question_key,
            trim(questions_asked.content) as wording,
            questions_asked.student_id,
            questions_asked.is_answered,
            questions_asked.rating,
            questions_asked.created_at
        from questions_asked
        join videos
            on
                videos.creator_id = questions_asked.creator_id
                and videos.id = questions_asked.video_id
        where
            questions_asked.creator_id = :creator_id
            and questions_asked.video_id = :video_id
            and videos.deleted_at is null
    ),

    wordings_ranked as (
        select
            question_key,
            wording,
            row_number() over (
                partition by question_key
                order by
                    count(*) desc,
                    wording collate "C" asc
            ) as place
        from asked
        group by
            question_key,
            wording
    ),

    questions_counted as (
        select
            question_key,
            count(distinct student_id) as people,
            count(*) as messages,
            count(*) filter (where not is_answered) as unanswered,
            count(rating) as ratings,
            avg(rating) as mean_rating,
            max(created_at) as last_asked_at
        from asked
        group by question_key
    )

    select
        wordings_ranked.wording as question,
        questions_counted.people,
        questions_counted.messages,
        questions_counted.unanswered,
        questions_counted.ratings,
        questions_counted.mean_rating::float as mean_rating,
        questions_counted.ratings >= :least_ratings
        and questions_counted.mean_rating < :bad_rating as is_badly_answered,
        questions_counted.last_asked_at
    from questions_counted
    join wordings_ranked on wordings_ranked.question_key = questions_counted.question_key
    where wordings_ranked.place = 1
    order by
        questions_counted.people desc,
        questions_counted.messages desc,
        questions_counted.last_asked_at desc,
        questions_counted.question_key asc
    limit :limit
"""

QUIZ_RESULTS = """
    -- One row per quiz on the video.
    with attempts_counted as (
        select
            quiz_attempts.quiz_id,
            count(*) as attempts,
            count(distinct quiz_attempts.student_id) as students,
            count(*) filter (where quiz_attempts.passed) as passed
        from quiz_attempts
        join students
            on
                students.creator_id = quiz_attempts.creator_id
                and students.id = quiz_attempts.student_id
        where
            quiz_attempts.creator_id = :creator_id
            and students.deleted_at is null
            and quiz_attempts.quiz_id in (
                select quizzes.id
                from quizzes
                where
                    quizzes.creator_id = :creator_id
                    and quizzes.video_id = :video_id
            )
        group by quiz_attempts.quiz_id
    )

    select
        quizzes.id as quiz_id,
        quizzes.title,
        quizzes.status,
        coalesce(attempts_counted.attempts, 0) as attempts,
        coalesce(attempts_counted.students, 0) as students,
        coalesce(attempts_counted.passed, 0) as passed,
        (100.0 * attempts_counted.passed / attempts_counted.attempts)::float as pass_rate_percent,
        coalesce(
            attempts_counted.attempts >= :least_attempts
            and attempts_counted.attempts - attempts_counted.passed > :struggling_failures * attempts_counted.attempts,
            false
        ) as is_struggling
    from quizzes
    join videos
        on
            videos.creator_id = quizzes.creator_id
            and videos.id = quizzes.video_id
    left join attempts_counted on attempts_counted.quiz_id = quizzes.id
    where
        quizzes.creator_id = :creator_id
        and quizzes.video_id = :video_id
        and quizzes.deleted_at is null
        and videos.deleted_at is null
    order by
        quizzes.position,
        quizzes.created_at,
        quizzes.id
"""


@dataclass(frozen=True)
class VideoAnalytics:
    """A video's figures of now. Percents are 0 to 100; None where there is nothing to divide by."""

    video_id: UUID
    title: str
    status: str
    duration_seconds: int | None
    transcript: str | None
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
        return VideoAnalytics(**one_row(creator_id, VIDEO_ANALYTICS, video_id=video_id))
    except NoResultFound:
        return None


@cached_query
def related_questions(creator_id: UUID, video_id: UUID, limit: int = 50) -> pd.DataFrame:
    """What students ask about the video, the questions of most people first.

    One row per question: question (its most usual wording), people, messages, unanswered
    (messages), ratings (how many), mean_rating (0 to 1; NaN without one), is_badly_answered (mean
    under 0.5 from 3 ratings on), last_asked_at.
    """
    return frame(
        creator_id,
        RELATED_QUESTIONS,
        dates=["last_asked_at"],
        video_id=video_id,
        limit=limit,
        bad_rating=BAD_RATING,
        least_ratings=LEAST_RATINGS,
    )


@cached_query
def quiz_results_of_video(creator_id: UUID, video_id: UUID) -> pd.DataFrame:
    """The quizzes on the video, in their order, drafts included.

    One row per quiz: quiz_id, title, status, attempts, students, passed (attempts),
    pass_rate_percent (NaN without attempts), is_struggling (more than half of at least five
    attempts failed).
    """
    return frame(
        creator_id,
        QUIZ_RESULTS,
        video_id=video_id,
        struggling_failures=STRUGGLING_FAILURES,
        least_attempts=LEAST_ATTEMPTS,
    )


def completion_band(rate_percent: float | None, viewers: int) -> str:
    """What a completion rate says about a video, in the words of the product's guide."""
    if rate_percent is None or viewers < LEAST_VIEWERS:
        return TOO_FEW
    if rate_percent < LOW_COMPLETION:
        return TOO_LONG
    return AVERAGE if rate_percent <= HIGH_COMPLETION else HIGH_QUALITY
