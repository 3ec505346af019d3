-- One row: the import, with the rows of a portion.
update imports
set
    rows_undone = rows_undone + :rows,
    rows_kept = jsonb_strip_nulls(
        jsonb_build_object(
            'changed by hand since',
            nullif(coalesce((rows_kept ->> 'changed by hand since')::integer, 0) + :edited, 0),
            'referred to by other data',
            nullif(coalesce((rows_kept ->> 'referred to by other data')::integer, 0) + :referred_to, 0)
        )
    ),
    landed_at = dashboard_now()
where
    creator_id = :creator_id
    and number = :number
