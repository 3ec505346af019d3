-- One row per video that is not deleted, with the edition of its file that is shown; including videos that nobody has watched
-- yet. `generation` is NULL until figures are shown.
select
    current_editions.creator_id,
    current_editions.video_id,
    current_editions.edition,
    current_editions.length_seconds, -- NULL: unknown
    current_editions.status,
    shown_generations.generation,
    coalesce(video_totals.viewers, 0) as unique_viewers,
    coalesce(video_totals.playback_viewers, 0) as playback_viewers,
    coalesce(video_totals.views, 0) as views,
    coalesce(video_totals.completions, 0) as completions,
    case
        when video_totals.viewers >= :least_viewers
            then 100.0 * video_totals.completions / video_totals.viewers
    end as completion_rate_percent,
    coalesce(video_totals.watched_seconds, 0) as watched_seconds,
    video_totals.share_sum / 100.0 / nullif(video_totals.share_count, 0) as avg_watched_percent,
    video_totals.unfinished_share_sum / 100.0
    / nullif(video_totals.unfinished_share_count, 0) as avg_drop_off_percent
from current_editions
left join shown_generations on shown_generations.creator_id = current_editions.creator_id
left join video_totals
    on video_totals.creator_id = current_editions.creator_id
    and video_totals.generation = shown_generations.generation
    and video_totals.course = :course
    and video_totals.run = :run
    and video_totals.video_id = current_editions.video_id
    and video_totals.edition = current_editions.edition
where
    current_editions.creator_id = :creator_id
