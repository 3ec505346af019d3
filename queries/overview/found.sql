-- One row per matching student or video, at most :limit of each kind, best match first.
with students_found as (
    select
        'student' as kind,
        id,
        name as title,
        coalesce(email, '') as detail,
        case
            when name ilike :beginning escape '\' then 0
            when name ilike :anywhere escape '\' then 1
            else 2
        end as place
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and (name ilike :anywhere escape '\' or email ilike :anywhere escape '\')
    order by
        place,
        lower(name),
        id
    limit :limit
),

videos_found as (
    select
        'video' as kind,
        id,
        title,
        coalesce(category, '') as detail,
        case when title ilike :beginning escape '\' then 0 else 1 end as place
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and title ilike :anywhere escape '\'
    order by
        place,
        position,
        id
    limit :limit
)

select
    kind,
    id,
    title,
    detail
from (
    select * from students_found
    union all
    select * from videos_found
) as found
order by
    kind,
    place,
    lower(title),
    id
