-- One row per announcement that was for the student, skipped or not, and per reason why none goes out; the latest first.
with

-- include: queries/mails/steps/mails,

messages as (
    select
        creator_id,
        announcement_id,
        coalesce(sent_at, due_at) as at,
        state,
        reason,
        sent_at,
        first_active_after,
        has_come_back,
        back_until < sent_at + make_interval(days => :back_within_days) as may_come_back
    from mails_judged
    union all
    select
        announcement_skips.creator_id,
        announcement_skips.announcement_id,
        announcements.due_at,
        'left out',
        announcement_skips.reason,
        null,
        null,
        false,
        false
    from announcement_skips
    join announcements
        on announcements.creator_id = announcement_skips.creator_id
        and announcements.id = announcement_skips.announcement_id
    where
        announcement_skips.creator_id = :creator_id
        and announcement_skips.student_id = cast(:student_id as uuid)
    union all
    select
        creator_id,
        null,
        created_at,
        reason,
        null,
        null,
        null,
        false,
        false
    from mail_suppressions
    where
        creator_id = :creator_id
        and kind in ('announcement', 'every')
        and recipient_key = :recipient_key
)

select
    messages.announcement_id,
    announcements.subject,
    messages.at,
    messages.state,
    messages.reason,
    messages.sent_at,
    messages.first_active_after,
    messages.has_come_back,
    coalesce(messages.may_come_back, false) as may_come_back
from messages
left join announcements
    on announcements.creator_id = messages.creator_id
    and announcements.id = messages.announcement_id
order by
    messages.at desc,
    messages.announcement_id asc
limit :limit
