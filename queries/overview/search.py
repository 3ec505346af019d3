"""Finding a student, video, quiz or question from any page."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame, records
from database.statements import sql
from queries.cache.caching import cached_query
from queries.searching import UNSENDABLE, search_parameters
from rules.searching import LAST, is_found, name_key

FOUND_PER_KIND = 6
ASKED_DAYS = 89  # found by all of the page's 90 local days
OFTEN_ASKED = 500  # questions; what students ask less often is found on the page of questions
NO_LETTER = "-"

FOUND = sql("queries/overview/found")
QUESTIONS = sql("queries/overview/often_asked")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row per match."""

    kind: str  # student, video, quiz or quiz_question
    id: UUID  # of a question: that of its quiz
    title: str
    detail: str  # the email, category or quiz; empty: not known
    number: int | None  # of a question in its quiz


@dataclass(frozen=True, slots=True)
class OftenAskedRow:
    """One row per question, wordings of one question together."""

    question: str  # the most frequent wording
    messages: int


@cached_query
def found(creator_id: UUID, typed: str) -> Annotated[pd.DataFrame, FoundRow]:
    """Students by name or email, videos, quizzes and their questions, at most six of each.

    Each typed word begins a word of theirs, in any order; names and titles that begin with all that was typed come
    first. Nothing typed finds nothing.
    """
    sent = UNSENDABLE.sub("", typed).strip() or NO_LETTER
    begins = {"beginning": name_key(sent), "beginning_end": name_key(sent) + LAST}
    return frame(creator_id, FOUND, limit=FOUND_PER_KIND, **begins, **search_parameters(creator_id, sent))


@cached_query
def often_asked(creator_id: UUID) -> Annotated[pd.DataFrame, OftenAskedRow]:
    """The 500 questions that students asked most often, the last time within 89 days; most often first."""
    return frame(creator_id, QUESTIONS, most=OFTEN_ASKED, days=ASKED_DAYS)


def questions_found(asked: pd.DataFrame, typed: str) -> list[str]:
    """Those of `often_asked` that have every typed word, at most six."""
    fitting = [row.question for row in records(asked, OftenAskedRow) if is_found(typed, row.question)]
    return fitting[:FOUND_PER_KIND]
