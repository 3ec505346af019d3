"""The students of a digest: who slipped away, who came back, who finished."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import records
from queries.digest_items import ListedItems
from queries.good_news import finished_students, returned_students
from queries.periods import WEEK
from queries.reasons import at_risk_reason
from queries.students import at_risk_students
from reports.addresses import page_url
from reports.digest.content import Item, Section
from reports.words import counted, in_one_line

SLIPPED_SHOWN, GOOD_NEWS_SHOWN = 7, 5


@dataclass(frozen=True)
class People:
    slipped: Section
    slipped_names: tuple[str, ...]  # all of them, the worst first
    long_silent: int  # over 14 days
    came_back: Section
    finished: Section
    keys: tuple[str, ...]  # the ids of all who slipped


def people(creator_id: UUID, before: ListedItems | None) -> People:
    """The status "at-risk" begins after 7 days of silence and ends after 14: who has it slipped in this week.

    Whoever came back since the week ended is not told of.
    """
    silent = at_risk_students.fresh(creator_id)
    silent = silent[~silent["has_come_back"].astype(bool)]
    slipped = silent[silent["status"] == "at-risk"]
    known = before.of("student") if before else None
    return People(
        slipped=_section(
            slipped,
            SLIPPED_SHOWN,
            at_risk_reason,
            page_url("students", status="at-risk", sort="lastActive", order="asc"),
            known,
        ),
        slipped_names=tuple(in_one_line(name) for name in slipped["name"]),
        long_silent=int((silent["status"] == "inactive").sum()),
        came_back=_section(returned_students.fresh(creator_id, WEEK), GOOD_NEWS_SHOWN, _returned, page_url("students")),
        finished=_section(
            finished_students.fresh(creator_id, WEEK),
            GOOD_NEWS_SHOWN,
            _finished,
            page_url("students", progress="76-100"),
        ),
        keys=tuple(str(student_id) for student_id in slipped["student_id"]),
    )


def _section(
    students: pd.DataFrame,
    shown: int,
    detail: Callable[[Mapping[str, Any]], str],
    url: str,
    known: frozenset[str] | None = None,
) -> Section:
    items = tuple(_item(row, detail(row), known) for row in records(students.head(shown)))
    return Section(items, len(students), url)


def _item(row: Mapping[str, Any], detail: str, known: frozenset[str] | None) -> Item:
    key = str(row["student_id"])
    return Item(
        key=key,
        title=in_one_line(row["name"]) or "A student without a name",
        detail=in_one_line(detail),
        url=page_url("student", id=key),
        is_new=known is not None and key not in known,
    )


def _returned(row: Mapping[str, Any]) -> str:
    return f"Back on {row['return_date']:%A} after {counted(int(row['gap_days']), 'day')} of silence."


def _finished(row: Mapping[str, Any]) -> str:
    videos = int(row["published_videos"])
    return "Finished the only video." if videos == 1 else f"Finished all {videos:,} videos."
