-- Materialized: what is joined by its edition then uses the index, also under row level security.
all_videos as materialized (
    -- include: queries/videos/steps/described
)
