"""Finding a student or a video from any page."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame
from database.statements import sql
from queries.cache.caching import cached_query
from queries.students.lists import like_pattern

FOUND_PER_KIND = 8

FOUND = sql("queries/overview/found")


@dataclass(frozen=True, slots=True)
class FoundRow:
    """One row per match."""

    kind: str  # student or video
    id: UUID
    title: str
    detail: str  # the email or category; empty: not known


@cached_query
def found(creator_id: UUID, typed: str) -> Annotated[pd.DataFrame, FoundRow]:
    """Finds students by name or email and videos by title, at most eight of each; matches at the beginning come first.

    %, _ and \\ mean themselves. An empty search finds nothing.
    """
    anywhere = like_pattern(typed)
    return frame(creator_id, FOUND, anywhere=anywhere, beginning=anywhere.removeprefix("%"), limit=FOUND_PER_KIND)
