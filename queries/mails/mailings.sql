-- One row per mailing with emails of the last 30 days or that still wait: those with failures first.
with mails as (
    select
        creator_id,
        kind,
        -- include: queries/mails/steps/mailing
        as mailing,
        subject,
        state,
        sent_at,
        updated_at
    from mail_deliveries
    where
        creator_id = :creator_id
        and (updated_at > dashboard_now() - make_interval(days => :days) or state in ('pending', 'claimed', 'sending'))
        and (cast(:states as text[]) is null or state = any(cast(:states as text[])))
        and (cast(:kind as text) is null or kind = :kind)
        and (
            cast(:mailing as text) is null
            or :mailing = (
                -- include: queries/mails/steps/mailing
            )
        )
),

mailings as (
    select
        creator_id,
        kind,
        mailing,
        max(subject) as written_subject,
        -- include: queries/mails/steps/mailing_counts
    from mails
    group by
        creator_id,
        kind,
        mailing
)

select
    mailings.kind,
    mailings.mailing,
    coalesce(announcements.subject, mailings.written_subject, '') as subject,
    mailings.mails,
    mailings.sent,
    mailings.waiting,
    mailings.failed,
    mailings.unknown,
    mailings.not_sent,
    mailings.latest_at
from mailings
left join announcements
    on announcements.creator_id = mailings.creator_id
    and announcements.id::text = mailings.mailing
order by
    -- include: queries/mails/steps/mailings_in_order
limit :limit
