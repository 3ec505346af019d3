"""One video: its figures, what students ask about it, how they do in its quizzes."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pandas as pd
from sqlalchemy.exc import NoResultFound

from database.frames import frame, one_row
from queries.caching import cached_query
from queries.shown import SHOWN
from queries.video_editions import LEAST_VIEWERS, ONE_VIDEO, RECENT_VIEWS, WEEK

LOW_COMPLETION, HIGH_COMPLETION = 30, 60  # percent
TOO_LONG, AVERAGE, HIGH_QUALITY = "may be too long or too difficult", "average engagement", "high-quality content"
TOO_FEW = "too few viewers to tell"
BAD_RATING, LEAST_RATINGS = 0.5, 3
STRUGGLING_FAILURES, LEAST_ATTEMPTS = 0.5, 5

VIDEO_ANALYTICS = f"""
    -- One row, or none for a video that is unknown, deleted or another creator's.
    with {ONE_VIDEO},

    {WEEK},

    questions_counted as (
        select
            count(*) as questions_asked,
            count(distinct student_id) as question_askers
        from asked_questions
        where
            creator_id = :creator_id
            and generation = (
                select shown_generations.generation
                from shown_generations
                where shown_generations.creator_id = :creator_id
            )
            and course = 0
            and run = 0
            and video_id = :video_id
            and asked_at <= dashboard_now()
    )

    select
        videos.id as video_id,
        videos.title,
        videos.status,
        videos_shown.length_seconds as duration_seconds,
        videos.transcript,
        videos.created_at,
        videos_shown.views,
        videos_shown.unique_viewers,
        videos_shown.completions,
        videos_shown.completion_rate_percent,
        videos_shown.avg_watched_percent,
        videos_shown.avg_drop_off_percent,
        videos_shown.watched_seconds as watch_seconds,
        (
            select max(watched_videos.last_at)
            from watched_videos
            where
                watched_videos.creator_id = videos_shown.creator_id
                and watched_videos.generation = videos_shown.generation
                and watched_videos.course = 0
                and watched_videos.run = 0
                and watched_videos.video_id = videos_shown.video_id
                and watched_videos.edition = videos_shown.edition
        ) as last_watched_at,
        {RECENT_VIEWS.format(video="videos_shown.video_id")} as views_7d,
        (select questions_asked from questions_counted) as questions_asked,
        (select question_askers from questions_counted) as question_askers,
        versions.refreshed_at
    from videos_shown
    join videos
        on
            videos.creator_id = videos_shown.creator_id
            and videos.id = videos_shown.video_id
    left join creator_data_versions as versions on versions.creator_id = videos_shown.creator_id
"""

RELATED_QUESTIONS = """
    -- One row per question that students asked about the video; wordings of one question are one.
    with asked as (
        select
            asked_questions.question_key,
            asked_questions.wording,
            asked_questions.student_id,
            asked_questions.is_answered,
            asked_questions.rating_hundredths,
            asked_questions.asked_at
        from shown_generations
        join asked_questions
            on
                asked_questions.creator_id = shown_generations.creator_id
                and asked_questions.generation = shown_generations.generation
        join videos
            on
                videos.creator_id = asked_questions.creator_id
                and videos.id = asked_questions.video_id
        where
            shown_generations.creator_id = :creator_id
            and asked_questions.course = 0
            and asked_questions.run = 0
            and asked_questions.video_id = :video_id
            and asked_questions.asked_at <= dashboard_now()
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
            count(rating_hundredths) as ratings,
            avg(rating_hundredths) / 100 as mean_rating,
            max(asked_at) as last_asked_at
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

QUIZ_RESULTS = f"""
    -- One row per quiz on the video.
    with {SHOWN}

    select
        quizzes.id as quiz_id,
        quizzes.title,
        quizzes.status,
        coalesce(quiz_totals.attempts, 0) as attempts,
        coalesce(quiz_totals.students, 0) as students,
        coalesce(quiz_totals.passed, 0) as passed,
        (100.0 * quiz_totals.passed / quiz_totals.attempts)::float as pass_rate_percent,
        coalesce(
            quiz_totals.attempts >= :least_attempts
            and quiz_totals.attempts - quiz_totals.passed > :struggling_failures * quiz_totals.attempts,
            false
        ) as is_struggling
    from shown
    join quizzes on quizzes.creator_id = shown.creator_id
    join videos
        on
            videos.creator_id = quizzes.creator_id
            and videos.id = quizzes.video_id
    left join quiz_totals
        on
            quiz_totals.creator_id = quizzes.creator_id
            and quiz_totals.generation = shown.generation
            and quiz_totals.course = 0
            and quiz_totals.run = 0
            and quiz_totals.quiz_id = quizzes.id
    where
        quizzes.video_id = :video_id
        and quizzes.deleted_at is null
        and videos.deleted_at is null
    order by
        quizzes.position,
        quizzes.created_at,
        quizzes.id
"""


@dataclass(frozen=True)
class VideoAnalytics:
    """A video's figures of now, of the edition of its file that is shown.

    Percents are 0 to 100; None where there is nothing to divide by, and a completion rate of fewer than five viewers.
    """

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
