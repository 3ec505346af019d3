-- A student came back if they were not active in the 7 days before the mail was sent, but were in the 7 days after it. On a day
-- with activities both before and after the mail nobody comes back; the first activity after it is known only to the quarter of
-- an hour.

-- include: queries/steps/shown,

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
        on mail_deliveries.creator_id = shown.creator_id
        and mail_deliveries.kind = 'announcement'
    join announcements
        on announcements.creator_id = mail_deliveries.creator_id
        and announcements.id::text = mail_deliveries.about
    where (cast(:about as text) is null or mail_deliveries.about = :about)
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
            and student_days.course = :course
            and student_days.run = :run
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
            and student_days.course = :course
            and student_days.run = :run
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
