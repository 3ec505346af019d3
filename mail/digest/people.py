"""The students of a digest: who slipped away, who came back, who finished."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar
from uuid import UUID

from database.frames import records
from mail.digest.content import Item, Section
from mail.plain_text import in_one_line
from queries.mails.digest_items import ListedItems
from queries.overview.good_news import FinishedRow, ReturnedRow, finished_students, returned_students
from queries.periods.period import WEEK
from queries.students.lists import at_risk_students
from queries.students.reasons import at_risk_reason
from queries.students.rows import AtRiskRow
from reports.addresses import message_url, page_url
from rules.formatting import counted, weekday

SLIPPED_SHOWN, GOOD_NEWS_SHOWN = 7, 5


Listed = TypeVar("Listed", AtRiskRow, ReturnedRow, FinishedRow)


@dataclass(frozen=True)
class People:
    slipped: Section
    slipped_names: tuple[str, ...]  # all of them, most serious first
    long_silent: int  # over 14 days
    came_back: Section
    finished: Section
    keys: tuple[str, ...]  # the ids of all who slipped

    @property
    def slipped_url(self) -> str:
        """Where all of them can be written to."""
        return message_url(self.keys, "silent") or self.slipped.url


def people(creator_id: UUID, before: ListedItems | None) -> People:
    """The status "at-risk" begins after 7 days away and ends after 14, so these students slipped away this week.

    Students who came back after the week ended are left out.
    """
    silent = at_risk_students.fresh(creator_id)
    silent = silent[~silent["has_come_back"].astype(bool)]
    slipped = silent[silent["status"] == "at-risk"]
    known = before.of("student") if before else None
    return People(
        slipped=_section(
            records(slipped, AtRiskRow),
            SLIPPED_SHOWN,
            at_risk_reason,
            page_url("students", status="at-risk", sort="lastActive", order="asc"),
            known,
        ),
        slipped_names=tuple(in_one_line(name) for name in slipped["name"]),
        long_silent=int((silent["status"] == "inactive").sum()),
        came_back=_good_news(
            records(returned_students.fresh(creator_id, WEEK), ReturnedRow),
            _returned,
            "came_back",
            page_url("students"),
        ),
        finished=_good_news(
            records(finished_students.fresh(creator_id, WEEK), FinishedRow),
            _finished,
            "finished",
            page_url("students", progress="76-100"),
        ),
        keys=tuple(str(student_id) for student_id in slipped["student_id"]),
    )


def _good_news(students: Sequence[Listed], detail: Callable[[Listed], str], about: str, many_url: str) -> Section:
    """The link leads to all of them, not only to those that are shown; to a list of more if they are too many."""
    url = message_url([row.student_id for row in students], about) or many_url
    return _section(students, GOOD_NEWS_SHOWN, detail, url)


def _section(
    students: Sequence[Listed],
    shown: int,
    detail: Callable[[Listed], str],
    url: str,
    known: frozenset[str] | None = None,
) -> Section:
    items = tuple(_item(row, detail(row), known) for row in students[:shown])
    return Section(items, len(students), url)


def _item(row: Listed, detail: str, known: frozenset[str] | None) -> Item:
    key = str(row.student_id)
    return Item(
        key=key,
        title=in_one_line(row.name) or "Unnamed student",
        detail=in_one_line(detail),
        url=page_url("student", id=key),
        is_new=known is not None and key not in known,
    )


def _returned(row: ReturnedRow) -> str:
    return f"Back on {weekday(row.return_date)} after {counted(row.gap_days, 'day')} away."


def _finished(row: FinishedRow) -> str:
    videos = row.published_videos
    return "Finished the only video." if videos == 1 else f"Finished all {counted(videos, 'video')}."
