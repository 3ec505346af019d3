"""How much students ask in the chat, about what, and how well it is answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from queries.caching import cached_query
from queries.chat_questions import (
    ASKED,
    CLOCK,
    FITS,
    GOOD_HUNDREDTHS,
    QUESTIONS,
    QuestionFilters,
    most_asked,
    question_groups,
    question_parameters,
)
from queries.engagement import DATES
from queries.periods import MONTH

DAILY_QUESTIONS = f"""
    -- One row per local day of this period and of the one before it.
    with {CLOCK},

    questions_counted as (
        select
            days.day,
            days.questions
        from clock
        join days
            on
                days.creator_id = :creator_id
                and days.generation = clock.generation
                and days.course = 0
                and days.run = 0
                and days.day between clock.today - (2 * :days - 1) and clock.today - 1
        where
            cast(:video_id as uuid) is null
            and :search = ''
        union all
        select
            video_days.day,
            video_days.questions
        from clock
        join video_days
            on
                video_days.creator_id = :creator_id
                and video_days.generation = clock.generation
                and video_days.course = 0
                and video_days.run = 0
                and video_days.video_id = cast(:video_id as uuid)
                and video_days.day between clock.today - (2 * :days - 1) and clock.today - 1
        where :search = ''
        union all
        -- The day on which the clock stands is counted up to the clock; a search looks at every question.
        select
            (asked_questions.asked_at at time zone (select clock.timezone from clock))::date as day,
            count(*) as questions
        from asked_questions
        where
            {ASKED}
            and asked_questions.asked_at >= (
                select case when :search = '' then clock.day_start else clock.before_start end
                from clock
            )
            {FITS}
        group by (asked_questions.asked_at at time zone (select clock.timezone from clock))::date
    ),

    calendar as (
        select
            today - days_ago as activity_date,
            today - days_ago % :days as shown_at,
            case when days_ago < :days then 'this' else 'previous' end as "window"
        from clock
        cross join generate_series(0, 2 * :days - 1) as series (days_ago)
    )

    select
        calendar.activity_date,
        calendar.shown_at,
        calendar."window",
        coalesce(sum(questions_counted.questions), 0)::bigint as questions
    from calendar
    left join questions_counted on questions_counted.day = calendar.activity_date
    group by
        calendar.activity_date,
        calendar.shown_at,
        calendar."window"
    order by calendar.activity_date
"""

SATISFACTION_OF_DAYS = f"""
    -- One row: all questions of this period by how they were rated.
    with {QUESTIONS},

    counted as (
        select
            days.questions,
            days.answered,
            days.good_ratings,
            days.bad_ratings,
            days.rating_sum,
            days.rating_count
        from clock
        join days
            on
                days.creator_id = :creator_id
                and days.generation = clock.generation
                and days.course = 0
                and days.run = 0
                and days.day between clock.today - (:days - 1) and clock.today - 1
        union all
        -- The day on which the clock stands is counted up to the clock.
        select
            1,
            case when asked_questions.is_answered then 1 else 0 end,
            case when asked_questions.rating_hundredths >= {GOOD_HUNDREDTHS} then 1 else 0 end,
            case when asked_questions.rating_hundredths < {GOOD_HUNDREDTHS} then 1 else 0 end,
            coalesce(asked_questions.rating_hundredths, 0),
            case when asked_questions.rating_hundredths is null then 0 else 1 end
        from asked_questions
        where
            {ASKED}
            and asked_questions.asked_at >= (select clock.day_start from clock)
    ),

    people_found as (
        select student_id
        from questions_found
        group by student_id
    )

    select
        coalesce(sum(good_ratings), 0)::bigint as good,
        coalesce(sum(bad_ratings), 0)::bigint as bad,
        coalesce(sum(questions - rating_count), 0)::bigint as unrated,
        coalesce(sum(answered), 0)::bigint as answered,
        (select count(*) from people_found) as people,
        sum(rating_sum) / (100.0 * nullif(sum(rating_count), 0)) as mean_rating
    from counted
"""

SATISFACTION_OF_QUESTIONS = f"""
    -- One row: the questions of this period that fit the filters, by how they were rated.
    with {QUESTIONS}

    select
        count(*) filter (where rating_hundredths >= {GOOD_HUNDREDTHS}) as good,
        count(*) filter (where rating_hundredths < {GOOD_HUNDREDTHS}) as bad,
        count(*) filter (where rating_hundredths is null) as unrated,
        count(*) filter (where is_answered) as answered,
        count(distinct student_id) as people,
        avg(rating_hundredths) / 100 as mean_rating
    from questions_found
"""

QUESTIONS_BY_VIDEO = f"""
    -- One row per video that was asked about in this period, most questions per viewer first.
    with {QUESTIONS},

    -- By hash, student by student: counting distinct students would sort.
    askers_counted as (
        select
            video_id,
            student_id,
            count(*) as questions,
            count(*) filter (where not is_answered) as unanswered,
            sum(rating_hundredths) as rating_sum,
            count(rating_hundredths) as ratings
        from questions_found
        where video_id is not null
        group by
            video_id,
            student_id
    ),

    questions_counted as (
        select
            video_id,
            sum(questions)::bigint as questions,
            count(*) as people,
            sum(unanswered)::bigint as unanswered,
            sum(rating_sum) / (100.0 * nullif(sum(ratings), 0)) as mean_rating,
            sum(ratings)::bigint as ratings
        from askers_counted
        group by video_id
    ),

    viewers_of_files as (
        -- As many as the sum says; of a video with several files, who watched any of them is looked up below.
        select
            video_id,
            count(*) filter (where viewers > 0) as files,
            max(viewers) as viewers
        from video_totals
        where
            creator_id = :creator_id
            and generation = (select clock.generation from clock)
            and course = 0
            and run = 0
        group by video_id
    ),

    videos_asked_about as (
        select
            questions_counted.*,
            case
                when viewers_of_files.files > 1
                    then (
                        select count(distinct watched_videos.student_id)
                        from watched_videos
                        where
                            watched_videos.creator_id = :creator_id
                            and watched_videos.generation = (select clock.generation from clock)
                            and watched_videos.course = 0
                            and watched_videos.run = 0
                            and watched_videos.video_id = questions_counted.video_id
                    )
                else coalesce(viewers_of_files.viewers, 0)
            end as viewers
        from questions_counted
        left join viewers_of_files on viewers_of_files.video_id = questions_counted.video_id
    )

    select
        videos.id as video_id,
        videos.title,
        videos_asked_about.questions,
        videos_asked_about.people,
        videos_asked_about.unanswered,
        videos_asked_about.mean_rating,
        videos_asked_about.ratings,
        videos_asked_about.viewers,
        videos_asked_about.questions::numeric / nullif(videos_asked_about.viewers, 0) as questions_per_viewer
    from videos_asked_about
    join videos
        on videos.creator_id = :creator_id
        and videos.id = videos_asked_about.video_id
    where videos.deleted_at is null
    order by
        questions_per_viewer desc nulls last,
        videos_asked_about.questions desc,
        videos.id asc
"""

VIDEOS_ASKED_ABOUT = """
    -- One row per video that a student asked about, in course order.
    select
        videos.id as video_id,
        videos.title
    from videos
    where
        videos.creator_id = :creator_id
        and videos.deleted_at is null
        -- A look at the index per video: as `exists`, every question would be read.
        and (
            select true
            from asked_questions
            where
                asked_questions.creator_id = :creator_id
                and asked_questions.generation = (
                    select shown_generations.generation
                    from shown_generations
                    where shown_generations.creator_id = :creator_id
                )
                and asked_questions.course = 0
                and asked_questions.run = 0
                and asked_questions.video_id = videos.id
                and asked_questions.asked_at <= dashboard_now()
            order by asked_questions.asked_at
            limit 1
        )
    order by
        videos.position,
        videos.created_at,
        videos.id
"""


@dataclass(frozen=True)
class Satisfaction:
    """Questions of the period: rated good (from 0.5 on), rated bad, not rated; `mean_rating` 0 to 1 or None."""

    good: int
    bad: int
    unrated: int
    answered: int
    people: int  # who asked
    mean_rating: float | None

    @property
    def questions(self) -> int:
        return self.good + self.bad + self.unrated


@dataclass(frozen=True)
class DayOfQuestions:
    """A local day of the creator, and how many questions were asked on it."""

    activity_date: date
    questions: int


@dataclass(frozen=True)
class AskedQuestion:
    """A question in its most frequent wording; `mean_rating` 0 to 1 or None."""

    question: str
    messages: int
    people: int
    mean_rating: float | None


@dataclass(frozen=True)
class ChatAnalytics:
    """The chat of the last 30 local days; `satisfaction_rate` 0 to 1, None without ratings.

    `most_asked_questions`: asked by two students or more, most students first, at most 50.
    `daily_volume`: every day, oldest first; its sum is `questions_asked`.
    """

    satisfaction_rate: float | None
    questions_asked: int
    questions_answered: int
    most_asked_questions: tuple[AskedQuestion, ...]
    daily_volume: tuple[DayOfQuestions, ...]


@cached_query
def daily_questions(creator_id: UUID, filters: QuestionFilters) -> pd.DataFrame:
    """Questions per local day of the period and of the one before it, none missing, oldest first.

    Columns: activity_date, shown_at, window ("this" or "previous"), questions.
    """
    return frame(creator_id, DAILY_QUESTIONS, dates=DATES, **question_parameters(filters))


@cached_query
def satisfaction_breakdown(creator_id: UUID, filters: QuestionFilters) -> Satisfaction:
    """The questions of the period by rating."""
    statement = SATISFACTION_OF_DAYS if filters.are_empty else SATISFACTION_OF_QUESTIONS
    return Satisfaction(**one_row(creator_id, statement, **question_parameters(filters)))


@cached_query
def questions_by_video(creator_id: UUID, filters: QuestionFilters) -> pd.DataFrame:
    """The videos that were asked about in the period, most questions per viewer first.

    One row per video: video_id, title, questions, people, unanswered, mean_rating (0 to 1, NaN:
    none), ratings, viewers (all time), questions_per_viewer (NaN without viewers).
    """
    videos = frame(creator_id, QUESTIONS_BY_VIDEO, **question_parameters(filters))
    return with_floats(videos, ["mean_rating", "questions_per_viewer"])


@cached_query
def videos_asked_about(creator_id: UUID) -> pd.DataFrame:
    """The videos that questions were ever asked about, in course order: video_id, title."""
    return frame(creator_id, VIDEOS_ASKED_ABOUT)


def chat_analytics(creator_id: UUID) -> ChatAnalytics:
    """What the questions page says about the last 30 days, as plain values for programs."""
    filters = QuestionFilters(MONTH)
    rated = satisfaction_breakdown(creator_id, filters)
    days = daily_questions(creator_id, filters)
    asked = most_asked(question_groups(creator_id, filters))
    return ChatAnalytics(
        satisfaction_rate=rated.mean_rating,
        questions_asked=rated.questions,
        questions_answered=rated.answered,
        most_asked_questions=tuple(_asked_question(row) for row in records(asked)),
        daily_volume=tuple(
            DayOfQuestions(row["activity_date"].date(), row["questions"])
            for row in records(days[days["window"] == "this"])
        ),
    )


def _asked_question(row: dict[str, Any]) -> AskedQuestion:
    mean_rating = row["mean_rating"]
    return AskedQuestion(
        question=row["question"],
        messages=row["messages"],
        people=row["people"],
        mean_rating=None if pd.isna(mean_rating) else mean_rating,
    )
