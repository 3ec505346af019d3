-- One row, along with shown: the instants that the filters of students compare with.

-- include: queries/steps/shown,

clock as (
    select
        day_start(shown.today, shown.timezone) as day_start,
        shown.instant - interval '7 days' as week_start,
        shown.instant - interval '30 days' as month_start,
        shown.instant - interval '14 days' as inactive_since
    from shown
)
