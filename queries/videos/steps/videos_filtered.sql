-- The videos that match the filters, for every statement that lists them.

-- include: queries/videos/steps/videos_described,

-- include: queries/videos/steps/week,

videos_found as (
    select *
    from videos_described
    where
        (:status = 'all' or status = :status)
        and (:category = '' or category = :category)
        and (:band = '' or band = :band)
        and search_text like all(cast(:patterns as text[]))
),

-- The views of a video are counted after a page of videos is chosen, unless the page is chosen by views.
videos_filtered as (
    select
        videos_shown.*,
        -- include: queries/videos/steps/recent_views
            as views_7d
    from videos_found as videos_shown
)
