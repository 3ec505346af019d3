-- Materialized: joins by edition then use the index, even under row level security.
all_videos as materialized (
    -- include: queries/videos/steps/described
)
