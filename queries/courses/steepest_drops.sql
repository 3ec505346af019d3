-- One row per requested level at which enough students stopped.
with

-- include: queries/courses/steps/levels,

-- include: queries/courses/steps/funnel,

neighbours as (
    select
        course,
        run,
        place,
        video_id,
        title,
        reached,
        lead(title) over (partition by place_of_level order by place) as next_title,
        lead(reached) over (partition by place_of_level order by place) as next_reached
    from steps
)

select distinct on (course, run)
    course,
    run,
    place,
    video_id,
    title,
    next_title,
    reached,
    reached - next_reached as lost
from neighbours
where
    next_reached < reached
    and reached >= :least_reached
order by
    course asc,
    run asc,
    (100 * (reached - next_reached))::double precision / reached desc,
    place asc
