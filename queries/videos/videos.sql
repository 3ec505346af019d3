-- One row per video of the requested page, each with the number of all that match. Text in curly brackets is chosen by
-- order_choices of queries.videos.lists: a column and a direction.
with

-- include: queries/videos/steps/videos_filtered,

page_chosen as (
    select *
    from videos_filtered
    order by
        {order_column} {direction} nulls last,
        position asc,
        created_at asc,
        video_id asc
    limit :limit offset :offset
)

select
    (select count(*) from videos_found) as total,
    page_chosen.*
from (select) as one_row
left join page_chosen on true
order by
    {order_column} {direction} nulls last,
    position asc,
    created_at asc,
    video_id asc
