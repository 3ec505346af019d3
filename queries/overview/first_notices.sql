-- One row per notice that is among the first of its kind, each with the counts of the whole kind.
with

-- include: queries/overview/steps/notices_found,

-- include: queries/overview/steps/seen,

notices_told as (
    select
        notices_found.*,
        seen.notice_key is null as is_new
    from notices_found
    left join seen on seen.notice_key = notices_found.notice_key
    where notices_found.kind = any(cast(:kinds as text[]))
),

notices_ranked as (
    select
        *,
        count(*) over (partition by kind) as total,
        row_number() over (
            partition by kind
            order by
                is_new desc,
                case kind when 'quiz' then -figure else figure end asc,
                subject_id asc
        ) as place
    from notices_told
)

select
    kind,
    notice_key,
    subject_id,
    subject,
    figure,
    people,
    succeeded,
    students,
    length_seconds,
    is_new,
    total
from notices_ranked
where place <= :most
order by
    kind,
    place
