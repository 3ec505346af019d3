"""How much students ask in the chat, about what, and how well it is answered."""

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from queries.caching import cached_query
from queries.chat_questions import (
    GOOD_RATING,
    QUESTIONS,
    QuestionFilters,
    most_asked,
    question_groups,
    question_parameters,
)
from queries.engagement import DATES, DAYS_BY_THE_CLOCK
from queries.periods import MONTH

DAILY_QUESTIONS = f"""
    -- One row per local day of this period and of the one before it.
    with {QUESTIONS},
    {DAYS_BY_THE_CLOCK}

    select
        days.activity_date,
        days.shown_at,
        days."window",
        count(questions_dated.id) as questions
    from days
    left join questions_dated on questions_dated.asked_date = days.activity_date
    group by
        days.activity_date,
        days.shown_at,
        days."window"
    order by days.activity_date
"""

SATISFACTION = f"""
    -- One row: the questions of this period by how they were rated.
    with {QUESTIONS},

    questions_judged as materialized ( -- each rating is computed, so compute it once
        select
            student_id,
            rating,
            is_answered
        from questions_dated
        where is_this_period
    )

    select
        count(*) filter (where rating >= :good_rating) as good,
        count(*) filter (where rating < :good_rating) as bad,
        count(*) filter (where rating is null) as unrated,
        count(*) filter (where is_answered) as answered,
        count(distinct student_id) as people,
        avg(rating) as mean_rating
    from questions_judged
"""

QUESTIONS_BY_VIDEO = f"""
    -- One row per video that was asked about in this period, most questions per viewer first.
    with {QUESTIONS},

    questions_judged as materialized ( -- each rating is computed, so compute it once
        select
            video_id,
            student_id,
            rating,
            is_answered
        from questions_dated
        where
            is_this_period
            and video_id is not null
    ),

    questions_counted as (
        select
            video_id,
            count(*) as questions,
            count(distinct student_id) as people,
            count(*) filter (where not is_answered) as unanswered,
            avg(rating) as mean_rating,
            count(rating) as ratings
        from questions_judged
        group by video_id
    )

    select
        videos.id as video_id,
        videos.title,
        questions_counted.questions,
        questions_counted.people,
        questions_counted.unanswered,
        questions_counted.mean_rating,
        questions_counted.ratings,
        coalesce(video_analytics.unique_viewers, 0) as viewers,
        questions_counted.questions::numeric / nullif(video_analytics.unique_viewers, 0) as questions_per_viewer
    from questions_counted
    join videos
        on videos.creator_id = :creator_id
        and videos.id = questions_counted.video_id
    left join video_analytics
        on video_analytics.creator_id = :creator_id
        and video_analytics.video_id = questions_counted.video_id
    where videos.deleted_at is null
    order by
        questions_per_viewer desc nulls last,
        questions_counted.questions desc,
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
        and exists (
            select
            from chat_messages
            join students
                on students.creator_id = chat_messages.creator_id
                and students.id = chat_messages.student_id
            where
                chat_messages.creator_id = videos.creator_id
                and chat_messages.video_id = videos.id
                and chat_messages.role = 'user'
                and students.deleted_at is null
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
    return Satisfaction(**one_row(creator_id, SATISFACTION, good_rating=GOOD_RATING, **question_parameters(filters)))


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
