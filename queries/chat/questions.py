"""The questions students ask in the chat, with wordings of the same question grouped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import pandas as pd

from database.frames import frame, with_floats
from database.levels import level
from database.statements import sql
from queries.cache.caching import cached_query
from queries.periods.period import Period
from queries.searching import patterns, text_parameters
from rules.limits import GOOD_RATING, LEAST_RATINGS, STUDENTS_TO_BE_COMMON

GOOD_HUNDREDTHS = round(100 * GOOD_RATING)  # as the folds keep ratings
MOST_QUESTIONS = 50  # of each kind; nobody reads more, although a busy chat has tens of thousands
MOST_WORDINGS = 5

MOST_ASKED = sql("queries/chat/most_asked_questions")
GROUPS_OF_ALL = sql("queries/chat/question_groups")
GROUPS_THAT_FIT = sql("queries/chat/question_groups_that_fit")


@dataclass(frozen=True)
class QuestionFilters:
    """Filters for questions: a period (and what it is compared with), words, a video."""

    period: Period
    search: str = ""
    video_id: UUID | None = None

    @property
    def are_empty(self) -> bool:
        """Whether every question of the period matches."""
        return self.video_id is None and not patterns(self.search)


@dataclass(frozen=True, slots=True)
class QuestionGroupRow:
    """One row per question, all wordings of it together."""

    question: str  # the most frequent wording
    question_key: str
    messages: int
    people: int
    people_before: int  # in the compared period
    unanswered: int  # messages
    mean_rating: float | None  # 0 to 1
    ratings: int
    last_asked_at: datetime
    wordings: list[str]  # the five most frequent
    wording_count: int
    video_titles: list[str]  # most asked about first


@dataclass(frozen=True, slots=True)
class MostAskedRow:
    """One row per question, all wordings of it together."""

    question: str  # the most frequent wording
    messages: int
    people: int
    mean_rating: float | None  # 0 to 1


@cached_query
def question_groups(creator_id: UUID, filters: QuestionFilters) -> Annotated[pd.DataFrame, QuestionGroupRow]:
    """The questions of the period, with wordings grouped; most people first.

    Those among the 50 most asked, the 50 worst answered and the 50 most often unanswered.
    """
    compared = filters.period.other_level if filters.period.other_run else level()
    groups = frame(
        creator_id,
        GROUPS_OF_ALL if filters.are_empty else GROUPS_THAT_FIT,
        dates=["last_asked_at"],
        least_ratings=LEAST_RATINGS,
        good_rating=GOOD_RATING,
        most=MOST_QUESTIONS,
        most_wordings=MOST_WORDINGS,
        compared_course=compared.course,
        compared_run=compared.run,
        **question_parameters(filters),
    )
    return with_floats(groups, ["mean_rating"])


def most_asked(groups: pd.DataFrame) -> pd.DataFrame:
    """Those questions of `question_groups` that at least two students asked."""
    return groups[groups["people"] >= STUDENTS_TO_BE_COMMON].head(MOST_QUESTIONS).reset_index(drop=True)


@cached_query
def most_asked_questions(creator_id: UUID, period: Period) -> Annotated[pd.DataFrame, MostAskedRow]:
    """The same questions without comparison and further details, in a third of the time.

    Most students first, at most 50.
    """
    asked = frame(
        creator_id,
        MOST_ASKED,
        students_to_be_common=STUDENTS_TO_BE_COMMON,
        most=MOST_QUESTIONS,
        **period.parameters,
    )
    return with_floats(asked, ["mean_rating"])


def badly_answered(groups: pd.DataFrame) -> pd.DataFrame:
    """Those rows that are rated under 0.5 on average, from three ratings on; worst first.

    Takes the frame of `question_groups` or of `queries.chat.figures.questions_by_video`.
    """
    bad = groups[(groups["ratings"] >= LEAST_RATINGS) & (groups["mean_rating"] < GOOD_RATING)]
    ordered = bad.sort_values(["mean_rating", "people"], ascending=[True, False], kind="stable")
    return ordered.reset_index(drop=True)


def unanswered(groups: pd.DataFrame) -> pd.DataFrame:
    """The unanswered questions of `question_groups`; most often unanswered first."""
    left = groups[groups["unanswered"] > 0]
    ordered = left.sort_values(["unanswered", "people"], ascending=False, kind="stable")
    return ordered.reset_index(drop=True)


def question_parameters(filters: QuestionFilters) -> dict[str, Any]:
    """The parameters of statements with `questions_found`."""
    return {
        **filters.period.parameters,
        **text_parameters(filters.search),
        "video_id": filters.video_id,
    }
