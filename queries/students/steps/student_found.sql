-- An id that is unknown, deleted or another creator's matches no student, and so returns nothing.
student_found as (
    select
        creator_id,
        student_id,
        created_at
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = :student_id
)
