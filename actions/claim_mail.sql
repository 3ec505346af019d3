-- One row: the mail that has been due longest, claimed; none if nothing is due or others have claimed it.
with due as (
    select id
    from mail_deliveries
    where
        creator_id = :creator_id
        and kind = any(:kinds)
        and state = 'pending'
        and next_attempt_at <= dashboard_now()
    order by
        next_attempt_at,
        id
    limit 1
    for update skip locked
)

update mail_deliveries
set
    state = 'claimed',
    reason = null,
    token = token + 1,
    attempts = attempts + 1,
    claimed_until = dashboard_now() + make_interval(secs => :lease_seconds),
    updated_at = dashboard_now()
from due
where
    creator_id = :creator_id
    and mail_deliveries.id = due.id
returning
    creator_id, mail_deliveries.id, kind, about, period_start, recipient, student_id, payload,
    snapshot, message_id, written_at, token, attempts, due_at, not_after
