"""Which kinds of data a creator has at all, for pages that have nothing to show."""

from dataclasses import dataclass
from uuid import UUID

from database.frames import one_row
from database.statements import sql
from queries.cache.caching import cached_query

DATA_THERE = sql("queries/overview/data_there")


@dataclass(frozen=True)
class DataThere:
    """Students and videos as every page counts them; `has_activity`: whether any student ever did anything."""

    students: int
    questions: int
    videos: int
    quizzes: int
    has_activity: bool


@cached_query
def data_there(creator_id: UUID) -> DataThere:
    """What there is in all courses together, whichever is chosen."""
    return DataThere(**one_row(creator_id, DATA_THERE))
