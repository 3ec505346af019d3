-- One row per invitation, newest first.
select
    invitations.id as invitation_id,
    invitations.email,
    invitations.created_at,
    invitations.expires_at,
    invitations.accepted_at,
    invitations.withdrawn_at,
    invitations.mails_queued,
    students.id as student_id,
    case
        when invitations.accepted_at is not null then 'accepted'
        when invitations.withdrawn_at is not null then 'withdrawn'
        when invitations.expires_at <= dashboard_now() then 'expired'
        else 'open'
    end as state,
    mail.state as mail_state,
    mail.reason as mail_reason
from invitations
left join students
    on students.creator_id = invitations.creator_id
    and students.id = invitations.student_id
    and students.deleted_at is null
left join lateral (
    select
        state,
        reason
    from mail_deliveries
    where
        mail_deliveries.creator_id = invitations.creator_id
        and mail_deliveries.kind = 'invitation'
        and mail_deliveries.about = case
            when invitations.mails_queued = 1 then invitations.id::text
            else invitations.id || '/' || invitations.mails_queued
        end
    order by mail_deliveries.created_at desc
    limit 1
) as mail on true
where invitations.creator_id = :creator_id
order by
    invitations.created_at desc,
    invitations.id asc
