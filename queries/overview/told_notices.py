"""The notifications of one account: how many are new and, when they are opened, the first of each kind."""

from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.frames import frame, one_row
from database.statements import sql
from queries.cache.caching import cached_query
from queries.mails.alerts import wanted_kinds
from queries.overview.notices import LIMITS, NoticeRow, export_notices, notices
from queries.preferences import preferences

FIRST_NOTICES = sql("queries/overview/first_notices")
NEW_NOTICES = sql("queries/overview/new_notices")


@cached_query
def new_notices(creator_id: UUID, account_id: UUID, also: tuple[str, ...] = (), marked: int = 0) -> int:
    """How many wanted notices and ended exports the account has not marked as seen, including the keys in `also`.

    `marked` is only part of the cache key: after marking or choosing, callers pass another number and get current
    counts.
    """
    del marked
    kinds = sorted(wanted_kinds(preferences(creator_id)))
    found = one_row(creator_id, NEW_NOTICES, account_id=account_id, kinds=kinds, also=list(also), **LIMITS)
    return int(found["notices"])


@dataclass(frozen=True, slots=True)
class FirstNoticeRow(NoticeRow):
    """One row per notice of those that are shown first."""

    is_new: bool
    total: int  # of the kind


def first_notices(creator_id: UUID, account_id: UUID, most: int) -> Annotated[pd.DataFrame, FirstNoticeRow]:
    """The first of each wanted kind, unseen ones first; never cached."""
    kinds = sorted(wanted_kinds(preferences(creator_id)))
    return frame(creator_id, FIRST_NOTICES, account_id=account_id, kinds=kinds, most=most, **LIMITS)


def every_key(creator_id: UUID) -> list[str]:
    """The keys of all wanted notices and of the exports that ended; for marking them."""
    found = notices.fresh(creator_id)
    wanted = found[found["kind"].isin(wanted_kinds(preferences(creator_id)))]
    return [*wanted["notice_key"], *export_notices(creator_id)["notice_key"]]
