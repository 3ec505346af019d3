-- The days of both periods: "this" and "previous". Each day of the latter is shown at the day in the same place of the former.

-- include: queries/steps/period,

windows as (
    select
        creator_id,
        generation,
        'previous' as "window",
        compared_first_day as first_day,
        compared_last_day as last_day,
        first_day as shown_from
    from period
    union all
    select
        creator_id,
        generation,
        'this' as "window",
        first_day,
        last_day,
        first_day as shown_from
    from period
),

calendar as (
    select
        windows.creator_id,
        windows.generation,
        windows."window",
        windows.first_day + series.place as day,
        windows.shown_from + series.place as shown_at
    from windows
    cross join lateral generate_series(0, windows.last_day - windows.first_day) as series (place)
)
