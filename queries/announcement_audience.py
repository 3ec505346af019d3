"""Whom an announcement would reach, and who would be left out and why."""

from dataclasses import replace
from uuid import UUID

import pandas as pd

from database.announcements import ANNOUNCEMENT
from database.frames import frame
from database.mail_addresses import ADDRESS_KEY_SQL, is_mailable
from queries.students import PAGE_LIMIT, StudentFilters, students

SKIP_REASONS = {
    "no_address": "no address that mail can go to",
    "same_address": "another student has the same address",
    "unsubscribed": "unsubscribed",
    "bounced": "mail to the address came back",
    "complained": "reported the mail as unwanted",
    "recently_messaged": "got an announcement a short while ago",
}

AUDIENCE = f"""
    -- One row per student of the ids given who is enrolled, by name: why an announcement leaves them out, if so.
    with students_chosen as (
        select
            id as student_id,
            name,
            coalesce(trim(email), '') as email,
            {ADDRESS_KEY_SQL.format("coalesce(email, '')")} as recipient_key
        from students
        where
            creator_id = :creator_id
            and id = any(cast(:student_ids as uuid[]))
            and deleted_at is null
    ),

    suppressions_found as (
        select
            recipient_key,
            min(reason) as reason
        from mail_suppressions
        where
            creator_id = :creator_id
            and kind in ('{ANNOUNCEMENT}', 'every')
        group by recipient_key
    ),

    recently_messaged as (
        select distinct recipient_key
        from mail_deliveries
        where
            creator_id = :creator_id
            and kind = '{ANNOUNCEMENT}'
            and state in ('pending', 'claimed', 'sending', 'sent', 'unknown')
            and due_at > dashboard_now() - make_interval(days => :quiet_days)
    )

    select
        students_chosen.student_id,
        students_chosen.name,
        students_chosen.email,
        case
            when students_chosen.email = '' then 'no_address'
            when suppressions_found.reason is not null then suppressions_found.reason
            when recently_messaged.recipient_key is not null then 'recently_messaged'
            when row_number() over (
                partition by students_chosen.recipient_key order by students_chosen.student_id
            ) > 1 then 'same_address'
        end as skipped_because
    from students_chosen
    left join suppressions_found on suppressions_found.recipient_key = students_chosen.recipient_key
    left join recently_messaged on recently_messaged.recipient_key = students_chosen.recipient_key
    order by
        lower(students_chosen.name),
        students_chosen.student_id
"""


def audience(creator_id: UUID, student_ids: list[UUID], quiet_days: int) -> pd.DataFrame:
    """Whom an announcement to these students reaches; never remembered.

    One row per student, by name: student_id, name, email, skipped_because (a key of SKIP_REASONS, or
    missing for who gets it). `quiet_days`: leave out who had another announcement in so many days.
    """
    rows = frame(
        creator_id, AUDIENCE, student_ids=[str(student_id) for student_id in student_ids], quiet_days=quiet_days
    )
    reasons = [
        reason if is_mailable(address) else "no_address"
        for address, reason in zip(rows["email"], rows["skipped_because"], strict=True)
    ]
    return rows.assign(skipped_because=pd.Series(reasons, dtype=object, index=rows.index))


def student_ids_of(creator_id: UUID, filters: StudentFilters) -> list[UUID]:
    """All students that fit the filters, whatever page they are on."""
    found: list[UUID] = []
    page = students.fresh(creator_id, _page(filters, 0))
    while len(page.students):
        found += page.students["student_id"].tolist()
        if not page.has_more:
            break
        page = students.fresh(creator_id, _page(filters, len(found)))
    return found


def _page(filters: StudentFilters, offset: int) -> StudentFilters:
    return replace(filters, sort_by="name", sort_order="asc", limit=PAGE_LIMIT, offset=offset)
