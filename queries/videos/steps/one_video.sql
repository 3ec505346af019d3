-- Materialized: joins by edition then use the index, even under row level security.
videos_shown as materialized (
    -- include: queries/videos/steps/described
        and current_editions.video_id = :video_id
)
