-- One row per requested level, in the given order, and published video, in course order.
with

-- include: queries/courses/steps/levels,

-- include: queries/courses/steps/funnel,

editions as materialized (
    select
        creator_id,
        video_id,
        edition
    from current_editions
    where creator_id = :creator_id
)

select
    steps.course,
    steps.place,
    steps.video_id,
    steps.title,
    steps.reached,
    coalesce(video_totals.viewers, 0) as started,
    coalesce(video_totals.completions, 0) as completed,
    steps.stuck
from steps
join editions
    on editions.creator_id = steps.creator_id
    and editions.video_id = steps.video_id
left join video_totals
    on video_totals.creator_id = steps.creator_id
    and video_totals.generation = steps.generation
    and video_totals.course = steps.course
    and video_totals.run = steps.run
    and video_totals.video_id = steps.video_id
    and video_totals.edition = editions.edition
order by
    steps.place_of_level,
    steps.place
