"""The recipients of an announcement, and the skipped students with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

import pandas as pd

from database.announcements import ANNOUNCEMENT
from database.frames import frame
from database.mail_addresses import ADDRESS_KEY_SQL, is_mailable
from database.statements import sql
from queries.cache.caching import cached_query
from queries.searching import search_parameters
from queries.students.lists import StudentFilters, student_parameters

SKIP_REASONS = {
    "no_address": "no address that mail can go to",
    "same_address": "another student has the same address",
    "unsubscribed": "unsubscribed",
    "bounced": "mail to the address came back",
    "complained": "reported the mail as unwanted",
    "run_over": "takes part no more: left, or the run or the access is over",
    "recently_messaged": "got an announcement a short while ago",
}

ADDRESS_KEY = ADDRESS_KEY_SQL.format("coalesce(email, '')")

STUDENTS_FITTING = sql("queries/mails/students_fitting")

CHOSEN = f"""
    -- One row per enrolled student among the given ids, by name; place is 1 for the first with an address.
    select
        student_id,
        name,
        coalesce(trim(email), '') as email,
        {ADDRESS_KEY} as recipient_key,
        row_number() over (partition by {ADDRESS_KEY} order by student_id asc) as place,
        is_running
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(cast(:student_ids as uuid[]))
    order by
        sort_key asc,
        student_id asc
"""
SUPPRESSED = f"""
    -- One row per address that gets no announcement.
    select
        recipient_key,
        min(reason) as reason
    from mail_suppressions
    where
        creator_id = :creator_id
        and kind in ('{ANNOUNCEMENT}', 'every')
    group by recipient_key
"""
RECENTLY_MESSAGED = f"""
    -- One row per address that got an announcement within that many days, or is due to get one.
    select distinct recipient_key
    from mail_deliveries
    where
        creator_id = :creator_id
        and kind = '{ANNOUNCEMENT}'
        and state in ('pending', 'claimed', 'sending', 'sent', 'unknown')
        and due_at > dashboard_now() - make_interval(days => :quiet_days)
"""


@dataclass(frozen=True, slots=True)
class AudienceRow:
    """One row per student."""

    student_id: UUID
    name: str
    email: str  # empty: there is none
    skipped_because: str | None  # a key of SKIP_REASONS; None: gets it


def audience(creator_id: UUID, student_ids: Sequence[UUID], quiet_days: int) -> Annotated[pd.DataFrame, AudienceRow]:
    """The recipients of an announcement to these students; never cached.

    By name; `quiet_days`: skip students who got another announcement in this many days.
    """
    return _told_why_not(creator_id, _chosen(creator_id, student_ids), quiet_days)


def audience_of(creator_id: UUID, filters: StudentFilters, quiet_days: int) -> Annotated[pd.DataFrame, AudienceRow]:
    """The same for all students that match the filters; only the students are cached, not who is skipped."""
    return _told_why_not(creator_id, students_fitting(creator_id, filters), quiet_days)


@cached_query
def students_fitting(creator_id: UUID, filters: StudentFilters) -> pd.DataFrame:
    """All students that match the filters, on all pages.

    One row per student, by name: student_id, name, email, recipient_key, is_running, is_mailable, is_first (with
    the address).
    """
    parameters = student_parameters(filters) | search_parameters(creator_id, filters.search)
    fitting = frame(creator_id, STUDENTS_FITTING, (), **parameters)
    return _chosen(creator_id, fitting["student_id"].tolist())


def _chosen(creator_id: UUID, student_ids: Sequence[UUID]) -> pd.DataFrame:
    rows = frame(creator_id, CHOSEN, student_ids=[str(student_id) for student_id in student_ids])
    mailable = [is_mailable(address) for address in rows["email"]]
    return rows.drop(columns="place").assign(is_mailable=mailable, is_first=rows["place"] == 1)


def _told_why_not(creator_id: UUID, chosen: pd.DataFrame, quiet_days: int) -> pd.DataFrame:
    suppressed = frame(creator_id, SUPPRESSED).set_index("recipient_key")["reason"].to_dict()
    messaged = set(frame(creator_id, RECENTLY_MESSAGED, quiet_days=quiet_days)["recipient_key"])
    reasons = [
        _why_not(suppressed.get(key), key in messaged, is_mailable, is_running, is_first)
        for key, is_mailable, is_running, is_first in zip(
            chosen["recipient_key"], chosen["is_mailable"], chosen["is_running"], chosen["is_first"], strict=True
        )
    ]
    told = chosen[["student_id", "name", "email"]]
    return told.assign(skipped_because=pd.Series(reasons, dtype=object, index=told.index))


def _why_not(
    suppressed: str | None, is_messaged: bool, is_mailable: bool, is_running: bool, is_first: bool
) -> str | None:
    if not is_mailable:
        return "no_address"
    if not is_running:
        return "run_over"
    if suppressed:
        return suppressed
    if is_messaged:
        return "recently_messaged"
    return None if is_first else "same_address"
