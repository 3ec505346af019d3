-- One row per refused value that is or has in it what the student is known as. Short ids are compared as a whole.
delete from import_errors
where
    creator_id = :creator_id
    and exists (
        select
        from unnest(cast(:known_as as text[])) as known (name)
        where
            lower(trim(import_errors.value)) = lower(known.name)
            or (
                length(known.name) >= 4
                and position(lower(known.name) in lower(import_errors.value)) > 0
            )
    )
