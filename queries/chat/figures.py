"""Figures about the questions in the chat, their videos and their answers."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row, records, with_floats
from database.statements import sql
from queries.cache.caching import cached_query
from queries.chat.questions import (
    GOOD_HUNDREDTHS,
    MostAskedRow,
    QuestionFilters,
    most_asked_questions,
    question_parameters,
)
from queries.periods.changes import change_percent
from queries.periods.compared_days import days_of_both, of_window
from queries.periods.period import MONTH, Period
from queries.searching import text_parameters

DAILY_QUESTIONS = sql("queries/chat/daily_questions")
SATISFACTION_OF_DAYS = sql("queries/chat/satisfaction_of_days")
SATISFACTION_OF_QUESTIONS = sql("queries/chat/satisfaction_of_questions")
PEOPLE_ASKING = sql("queries/chat/people_asking")
QUESTIONS_BY_VIDEO = sql("queries/chat/questions_by_video")
VIDEOS_ASKED_ABOUT = sql("queries/chat/videos_asked_about")


@dataclass(frozen=True)
class Satisfaction:
    """Questions of the period: rated good (from 0.5 on), rated bad, not rated; `mean_rating` 0 to 1 or None."""

    good: int
    bad: int
    unrated: int
    answered: int
    mean_rating: float | None

    @property
    def questions(self) -> int:
        return self.good + self.bad + self.unrated


@dataclass(frozen=True)
class DayOfQuestions:
    """A local day of the creator, how many questions were asked on it, and on the day it is compared with, if any."""

    activity_date: date
    questions: int
    questions_before: int | None


@dataclass(frozen=True)
class AskedQuestion:
    """A question in its most frequent wording; `mean_rating` 0 to 1 or None."""

    question: str
    messages: int
    people: int
    mean_rating: float | None


@dataclass(frozen=True)
class ChatAnalytics:
    """The chat of a period; `satisfaction_rate` 0 to 1, None without ratings.

    `most_asked_questions`: asked by two students or more, most students first, at most 50.
    `daily_volume`: every day, oldest first; its sum is `questions_asked`.
    """

    satisfaction_rate: float | None
    questions_asked: int
    questions_asked_before: int
    questions_answered: int
    most_asked_questions: tuple[AskedQuestion, ...]
    daily_volume: tuple[DayOfQuestions, ...]

    @property
    def change_percent(self) -> int | None:
        return change_percent(self.questions_asked, self.questions_asked_before)


@dataclass(frozen=True, slots=True)
class DailyQuestionsRow:
    """One row per local day of a period and of the one it is compared with."""

    activity_date: datetime
    shown_at: datetime  # the day of the period that it is shown next to
    window: str  # this or previous
    questions: int


@dataclass(frozen=True, slots=True)
class VideoQuestionsRow:
    """One row per video that was asked about in a period."""

    video_id: UUID
    title: str
    questions: int
    people: int
    unanswered: int
    mean_rating: float | None  # 0 to 1
    ratings: int
    viewers: int  # of all time
    questions_per_viewer: float | None


@dataclass(frozen=True, slots=True)
class AskedVideoRow:
    """One row per video that was ever asked about."""

    video_id: UUID
    title: str


@cached_query
def daily_questions(creator_id: UUID, filters: QuestionFilters) -> Annotated[pd.DataFrame, DailyQuestionsRow]:
    """Questions per local day of the period and of the one it is compared with, none missing up to today.

    The compared days come first, each oldest first.
    """
    chosen = text_parameters(filters.search) | {"video_id": filters.video_id}
    return days_of_both(creator_id, DAILY_QUESTIONS, filters.period, **chosen)


@cached_query
def satisfaction_breakdown(creator_id: UUID, filters: QuestionFilters) -> Satisfaction:
    """The questions of the period by rating."""
    statement = SATISFACTION_OF_DAYS if filters.are_empty else SATISFACTION_OF_QUESTIONS
    return Satisfaction(
        **one_row(creator_id, statement, good_hundredths=GOOD_HUNDREDTHS, **question_parameters(filters))
    )


@cached_query
def people_asking(creator_id: UUID, filters: QuestionFilters) -> int:
    """How many students asked questions in the period."""
    return int(one_row(creator_id, PEOPLE_ASKING, **question_parameters(filters))["people"])


@cached_query
def questions_by_video(creator_id: UUID, filters: QuestionFilters) -> Annotated[pd.DataFrame, VideoQuestionsRow]:
    """The videos that were asked about in the period, most questions per viewer first."""
    videos = frame(creator_id, QUESTIONS_BY_VIDEO, **question_parameters(filters))
    return with_floats(videos, ["mean_rating", "questions_per_viewer"])


@cached_query
def videos_asked_about(creator_id: UUID) -> Annotated[pd.DataFrame, AskedVideoRow]:
    """The videos that questions were ever asked about, in course order."""
    return frame(creator_id, VIDEOS_ASKED_ABOUT)


def chat_analytics(creator_id: UUID, period: Period = MONTH) -> ChatAnalytics:
    """The figures of the questions page for a period, as plain values for programs."""
    filters = QuestionFilters(period)
    rated = satisfaction_breakdown(creator_id, filters)
    days = daily_questions(creator_id, filters)
    asked = most_asked_questions(creator_id, filters.period)
    beside = of_window(days, "previous")
    before = dict(zip(beside["shown_at"], beside["questions"].tolist(), strict=True))
    return ChatAnalytics(
        satisfaction_rate=rated.mean_rating,
        questions_asked=rated.questions,
        questions_asked_before=sum(before.values()),
        questions_answered=rated.answered,
        most_asked_questions=tuple(_asked_question(row) for row in records(asked, MostAskedRow)),
        daily_volume=tuple(
            DayOfQuestions(row.activity_date.date(), row.questions, before.get(row.activity_date))
            for row in records(of_window(days, "this"), DailyQuestionsRow)
        ),
    )


def _asked_question(row: MostAskedRow) -> AskedQuestion:
    return AskedQuestion(row.question, row.messages, row.people, row.mean_rating)
