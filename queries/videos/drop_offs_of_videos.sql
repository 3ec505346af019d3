-- One row per video and interval of ten seconds in which viewers stopped for good.
with

-- include: queries/videos/steps/points_judged

select *
from points_judged
order by
    viewers_lost desc,
    second asc
