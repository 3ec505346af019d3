"""Announcements: what became of those that were sent, who came back."""

from uuid import UUID

import pandas as pd

from database.announcements import ANNOUNCEMENT
from database.frames import frame
from queries.shown import SHOWN

BACK_WITHIN_DAYS = 7
# A student came back who was silent for the 7 days before the mail was sent, and not for the 7 after it. On a day with
# activities on both sides of the mail nobody comes back; the first one after it is the quarter of an hour it lies in.
MAILS = f"""
    {SHOWN},

    mails_sent as materialized (
        select
            mail_deliveries.*,
            announcements.id as announcement_id,
            least(mail_deliveries.sent_at + make_interval(days => :back_within_days), shown.instant) as back_until,
            mail_deliveries.sent_at - make_interval(days => :back_within_days) as silent_from,
            date_trunc('day', mail_deliveries.sent_at at time zone shown.timezone) at time zone shown.timezone
            as day_start,
            (mail_deliveries.sent_at at time zone shown.timezone)::date as sent_on,
            shown.generation
        from shown
        join mail_deliveries
            on
                mail_deliveries.creator_id = shown.creator_id
                and mail_deliveries.kind = '{ANNOUNCEMENT}'
        join announcements
            on announcements.creator_id = mail_deliveries.creator_id
            and announcements.id::text = mail_deliveries.about
        where {{which}}
    ),

    mails_answered as (
        select
            mails_sent.*,
            before_it.last_at as last_active_before,
            after_it.first_at as first_active_after
        from mails_sent
        left join lateral (
            select
                case
                    when student_days.last_at <= mails_sent.sent_at then student_days.last_at
                    else mails_sent.sent_at
                end as last_at
            from student_days
            where
                student_days.creator_id = mails_sent.creator_id
                and student_days.generation = mails_sent.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.student_id = mails_sent.student_id
                and student_days.day <= mails_sent.sent_on
                and student_days.first_at <= mails_sent.sent_at
            order by student_days.day desc
            limit 1
        ) as before_it on mails_sent.state = 'sent'
        left join lateral (
            select
                case
                    when student_days.first_at > mails_sent.sent_at then student_days.first_at
                    else (
                        select greatest(
                            min(mails_sent.day_start + parts.quarter * interval '15 minutes'),
                            mails_sent.sent_at
                        )
                        from unnest(student_days.quarters) as parts (quarter)
                        where mails_sent.day_start + (parts.quarter + 1) * interval '15 minutes' > mails_sent.sent_at
                    )
                end as first_at
            from student_days
            where
                student_days.creator_id = mails_sent.creator_id
                and student_days.generation = mails_sent.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.student_id = mails_sent.student_id
                and student_days.day >= mails_sent.sent_on
                and student_days.last_at > mails_sent.sent_at
                and student_days.first_at <= mails_sent.back_until
            order by student_days.day asc
            limit 1
        ) as after_it on mails_sent.state = 'sent'
    ),

    mails_judged as (
        select
            *,
            first_active_after is not null
            and coalesce(last_active_before < silent_from, true)
            as has_come_back
        from mails_answered
    )
"""

ANNOUNCEMENTS = f"""
    -- One row per announcement, newest first.
    with {MAILS.format(which="true")},

    mails_counted as (
        select
            creator_id,
            announcement_id,
            count(*) as recipients,
            count(*) filter (where state = 'sent') as sent,
            count(*) filter (where state in ('pending', 'claimed', 'sending')) as waiting,
            count(*) filter (where state = 'failed') as failed,
            count(*) filter (where state = 'unknown') as unknown,
            count(*) filter (where state in ('skipped', 'cancelled')) as not_sent,
            count(*) filter (where has_come_back) as came_back
        from mails_judged
        group by
            creator_id,
            announcement_id
    ),

    skips_counted as (
        select
            creator_id,
            announcement_id,
            count(*) as left_out
        from announcement_skips
        where creator_id = :creator_id
        group by
            creator_id,
            announcement_id
    )

    select
        announcements.id as announcement_id,
        announcements.subject,
        announcements.body,
        announcements.audience,
        announcements.created_at,
        announcements.due_at,
        announcements.cancelled_at,
        coalesce(mails_counted.recipients, 0) as recipients,
        coalesce(mails_counted.sent, 0) as sent,
        coalesce(mails_counted.waiting, 0) as waiting,
        coalesce(mails_counted.failed, 0) as failed,
        coalesce(mails_counted.unknown, 0) as unknown,
        coalesce(mails_counted.not_sent, 0) as not_sent,
        coalesce(mails_counted.came_back, 0) as came_back,
        coalesce(skips_counted.left_out, 0) as left_out
    from announcements
    left join mails_counted
        on
            mails_counted.creator_id = announcements.creator_id
            and mails_counted.announcement_id = announcements.id
    left join skips_counted
        on
            skips_counted.creator_id = announcements.creator_id
            and skips_counted.announcement_id = announcements.id
    where
        announcements.creator_id = :creator_id
        and (cast(:announcement_id as uuid) is null or announcements.id = cast(:announcement_id as uuid))
    order by
        announcements.created_at desc,
        announcements.id asc
"""

RECIPIENTS = f"""
    -- One row per student whom the announcement was for, left out or not; who needs a look first.
    with {MAILS.format(which="mail_deliveries.about = :about")},

    everybody as (
        select
            creator_id,
            student_id,
            recipient,
            state,
            reason,
            sent_at,
            first_active_after,
            has_come_back
        from mails_judged
        union all
        select
            creator_id,
            student_id,
            null,
            'left out',
            reason,
            null,
            null,
            false
        from announcement_skips
        where
            creator_id = :creator_id
            and announcement_id = cast(:about as uuid)
    )

    select
        everybody.student_id,
        everybody.recipient,
        everybody.state,
        everybody.reason,
        everybody.sent_at,
        everybody.first_active_after,
        everybody.has_come_back,
        students.name
    from everybody
    left join students
        on students.creator_id = everybody.creator_id
        and students.id = everybody.student_id
        and students.deleted_at is null
    order by
        case everybody.state
            when 'failed' then 0
            when 'unknown' then 1
            when 'left out' then 3
            else 2
        end asc,
        everybody.has_come_back desc,
        lower(students.name) asc,
        everybody.student_id asc
"""

DATES = ["created_at", "due_at", "cancelled_at"]


def announcements(creator_id: UUID) -> pd.DataFrame:
    """The creator's announcements, newest first; never remembered, so that progress shows.

    One row per announcement: announcement_id, subject, body, audience (in words), created_at, due_at,
    cancelled_at, recipients, sent, waiting, failed, unknown, not_sent, came_back, left_out.
    """
    return frame(creator_id, ANNOUNCEMENTS, dates=DATES, announcement_id=None, back_within_days=BACK_WITHIN_DAYS)


def announcement(creator_id: UUID, announcement_id: UUID) -> pd.DataFrame:
    """The announcement as one row with the columns of `announcements`; no row for an id that is not the creator's."""
    return frame(
        creator_id, ANNOUNCEMENTS, dates=DATES, announcement_id=announcement_id, back_within_days=BACK_WITHIN_DAYS
    )


def recipients(creator_id: UUID, announcement_id: UUID) -> pd.DataFrame:
    """What became of the announcement for each student; who needs a look first, then who came back.

    One row per student: student_id, recipient, state (as in the delivery ledger, or "left out"), reason,
    sent_at, first_active_after (within 7 days), has_come_back, name (missing: left the course).
    """
    return frame(
        creator_id,
        RECIPIENTS,
        dates=["sent_at", "first_active_after"],
        about=str(announcement_id),
        back_within_days=BACK_WITHIN_DAYS,
    )
