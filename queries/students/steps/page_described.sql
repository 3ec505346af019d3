-- One row per student of page_chosen.
page_described as (
    select
        creator_id,
        -- include: queries/steps/student_columns,
        sort_key
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and student_id = any(array(select student_id from page_chosen))
)
