-- One row per creator and mailing with emails of the last 30 days or that still wait, without subject: failures first.
with mails as (
    select
        creator_id,
        kind,
        -- include: queries/mails/steps/mailing
        as mailing,
        state,
        sent_at,
        updated_at
    from mail_deliveries
    where
        updated_at > dashboard_now() - make_interval(days => :days)
        or state in ('pending', 'claimed', 'sending')
),

mailings as (
    select
        creator_id,
        kind,
        mailing,
        -- include: queries/mails/steps/mailing_counts
    from mails
    group by
        creator_id,
        kind,
        mailing
)

select
    creators.shown_name as creator,
    mailings.kind,
    mailings.mailing,
    mailings.mails,
    mailings.sent,
    mailings.waiting,
    mailings.failed,
    mailings.unknown,
    mailings.not_sent,
    mailings.latest_at
from mailings
join creators on creators.id = mailings.creator_id
order by
    -- include: queries/mails/steps/mailings_in_order,
    mailings.creator_id asc
limit :limit
