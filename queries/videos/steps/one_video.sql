-- Materialized: what is joined by its edition then uses the index, also under row level security.
videos_shown as materialized (
    -- include: queries/videos/steps/described
        and current_editions.video_id = :video_id
)
