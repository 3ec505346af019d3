-- One row per student with an activity since the instant bounds.seen_since: when the last one was, up to the clock.
students_seen as (
    select last_active as seen_at
    from shown_student_totals
    where
        creator_id = :creator_id
        and last_at >= (select seen_since from bounds)
)
