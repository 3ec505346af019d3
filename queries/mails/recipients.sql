-- One row per student whom the announcement was for, including those left out; those who need attention first.
with

-- include: queries/mails/steps/mails,

everybody as (
    select
        creator_id,
        student_id,
        recipient,
        state,
        reason,
        sent_at,
        first_active_after,
        has_come_back
    from mails_judged
    union all
    select
        creator_id,
        student_id,
        null,
        'left out',
        reason,
        null,
        null,
        false
    from announcement_skips
    where
        creator_id = :creator_id
        and announcement_id = cast(:about as uuid)
)

select
    everybody.student_id,
    everybody.recipient,
    everybody.state,
    everybody.reason,
    everybody.sent_at,
    everybody.first_active_after,
    everybody.has_come_back,
    students.name
from everybody
left join students
    on students.creator_id = everybody.creator_id
    and students.id = everybody.student_id
    and students.deleted_at is null
order by
    case everybody.state
        when 'failed' then 0
        when 'unknown' then 1
        when 'left out' then 3
        else 2
    end asc,
    everybody.has_come_back desc,
    students.sort_key asc,
    everybody.student_id asc
