-- One row per announcement, newest first.
with

-- include: queries/mails/steps/mails,

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
    announcements.version,
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
    on mails_counted.creator_id = announcements.creator_id
    and mails_counted.announcement_id = announcements.id
left join skips_counted
    on skips_counted.creator_id = announcements.creator_id
    and skips_counted.announcement_id = announcements.id
where
    announcements.creator_id = :creator_id
    and (cast(:announcement_id as uuid) is null or announcements.id = cast(:announcement_id as uuid))
order by
    announcements.created_at desc,
    announcements.id asc
