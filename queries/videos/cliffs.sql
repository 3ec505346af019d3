-- One row per moment at which viewers of one of these videos stop together; most viewers lost first.
with

-- include: queries/videos/steps/points_judged

select *
from points_judged
where is_cliff
order by
    viewers_lost desc,
    video_id asc,
    second asc
