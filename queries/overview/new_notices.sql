-- One row: how many notices and ended exports the account has not marked as seen.
with

-- include: queries/overview/steps/notices_found,

-- include: queries/overview/steps/seen,

-- include: queries/overview/steps/exports_ended,

keys_told as (
    select notice_key
    from notices_found
    where kind = any(cast(:kinds as text[]))
    union all
    select notice_key
    from exports_ended
    where not (is_own and status = 'completed')
    union all
    select unnest(cast(:also as text[]))
)

select count(*) as notices
from keys_told
left join seen on seen.notice_key = keys_told.notice_key
where seen.notice_key is null
