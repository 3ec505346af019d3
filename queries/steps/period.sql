-- One row: the local days of the period and of the one it is compared with. Without explicit days (`:first_day` and the others
-- are null) it is the last `:days` days and as many before them; days that the clock has not reached are left out.
period as materialized (
    select
        shown.creator_id,
        shown.generation,
        coalesce(cast(:first_day as date), shown.today - (cast(:days as integer) - 1)) as first_day,
        least(cast(:last_day as date), shown.today) as last_day,
        coalesce(
            cast(:compared_first_day as date),
            shown.today - (2 * cast(:days as integer) - 1)
        ) as compared_first_day,
        least(
            coalesce(cast(:compared_last_day as date), shown.today - cast(:days as integer)),
            shown.today
        ) as compared_last_day
    from shown
)
