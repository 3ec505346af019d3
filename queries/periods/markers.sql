-- One row per local day of the period, kind and subject, newest first.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

bounds as materialized (
    select
        shown.creator_id,
        shown.timezone,
        shown.instant,
        day_start(period.first_day, shown.timezone) as period_start,
        day_start(period.last_day + 1, shown.timezone) as period_end
    from shown
    join period on period.creator_id = shown.creator_id
),

videos_changed as (
    -- A new file, or a different description or transcript; the first file of a video is not a change.
    select
        bounds.creator_id,
        video_editions.video_id,
        video_editions.began_at as changed_at
    from bounds
    join video_editions
        on video_editions.creator_id = bounds.creator_id
        and video_editions.edition > 1
        and video_editions.began_at >= bounds.period_start
        and video_editions.began_at < bounds.period_end
    union all
    select
        bounds.creator_id,
        (audit_log.detail ->> 'video_id')::uuid,
        audit_log.created_at
    from bounds
    join audit_log
        on audit_log.creator_id = bounds.creator_id
        and audit_log.created_at >= bounds.period_start
        and audit_log.created_at < bounds.period_end
        and audit_log.action = 'video.changed'
),

events as (
    select
        videos.creator_id,
        'video_changed' as kind,
        videos.title,
        videos.id as target_id,
        videos_changed.changed_at as happened_at
    from videos_changed
    join videos
        on videos.creator_id = videos_changed.creator_id
        and videos.id = videos_changed.video_id
    where
        videos.deleted_at is null
        and (cast(:course_id as uuid) is null or videos.course_id = cast(:course_id as uuid))
    union all
    select
        announcements.creator_id,
        'mail_sent' as kind,
        announcements.subject as title,
        announcements.id as target_id,
        announcements.due_at as happened_at
    from bounds
    join announcements
        on announcements.creator_id = bounds.creator_id
        and announcements.due_at >= bounds.period_start
        and announcements.due_at < bounds.period_end
    where
        exists (
            select
            from mail_deliveries
            where
                mail_deliveries.creator_id = announcements.creator_id
                and mail_deliveries.kind = 'announcement'
                and mail_deliveries.about = announcements.id::text
                and mail_deliveries.state = 'sent'
        )
    union all
    select
        course_runs.creator_id,
        'run_started' as kind,
        coalesce(nullif(course_runs.title, ''), courses.title) as title,
        course_runs.id as target_id,
        course_runs.starts_at as happened_at
    from bounds
    join course_runs
        on course_runs.creator_id = bounds.creator_id
        and course_runs.starts_at >= bounds.period_start
        and course_runs.starts_at < bounds.period_end
    join courses
        on courses.creator_id = course_runs.creator_id
        and courses.id = course_runs.course_id
    where
        (cast(:course_id as uuid) is null or course_runs.course_id = cast(:course_id as uuid))
        and (:run = 0 or course_runs.number = :run)
)

select
    (events.happened_at at time zone bounds.timezone)::date as day,
    events.kind,
    events.title,
    events.target_id
from bounds
join events
    on events.creator_id = bounds.creator_id
    and events.happened_at <= bounds.instant
group by
    (events.happened_at at time zone bounds.timezone)::date,
    events.kind,
    events.title,
    events.target_id
order by
    day desc,
    events.kind asc,
    events.title asc,
    events.target_id asc
limit :most
