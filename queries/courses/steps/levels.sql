-- One row per requested level, in the given order. A creator who was never refreshed has no generation: nothing is found for 0.
-- What is read of each level comes from an index look-up (`cross join lateral`), not from reading everything.
levels as materialized (
    select
        creators.id as creator_id,
        coalesce(shown_generations.generation, 0) as generation,
        asked.course,
        asked.run,
        asked.place
    from creators
    left join shown_generations on shown_generations.creator_id = creators.id
    cross join lateral unnest(cast(:courses as integer[]), cast(:runs as integer[]))
        with ordinality as asked (course, run, place)
    where creators.id = :creator_id
)
