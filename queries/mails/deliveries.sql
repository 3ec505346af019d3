-- One row per mail that is from the last 30 days or still waiting, with what needs attention first.
select
    creator_id,
    id as delivery_id,
    state,
    kind,
    recipient,
    coalesce(subject, '') as subject,
    period_start,
    reason,
    smtp_reply,
    attempts,
    due_at,
    case when state = 'pending' then next_attempt_at end as next_attempt_at,
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
    and coalesce(search_text(array[recipient]) like all(cast(:patterns as text[])), false)
order by
    -- include: queries/mails/steps/attention_first,
    id asc
limit :limit
