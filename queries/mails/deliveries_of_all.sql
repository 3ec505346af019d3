-- One row per mail of any creator in the last 30 days, without recipient and content, with what needs attention first.
with mails as (
    select
        creator_id,
        id,
        state,
        kind,
        reason,
        attempts,
        due_at,
        case when state = 'pending' then next_attempt_at end as next_attempt_at,
        sent_at,
        updated_at
    from mail_deliveries
    where
        updated_at > dashboard_now() - make_interval(days => :days)
        or state in ('pending', 'claimed', 'sending')
    order by
        -- include: queries/mails/steps/attention_first
    limit :limit
)

select
    creators.id as creator_id,
    creators.shown_name as creator,
    mails.id as delivery_id,
    mails.state,
    mails.kind,
    mails.reason,
    mails.attempts,
    mails.due_at,
    mails.next_attempt_at,
    mails.sent_at,
    mails.updated_at
from mails
join creators on creators.id = mails.creator_id
order by
    -- include: queries/mails/steps/attention_first,
    mails.id asc
