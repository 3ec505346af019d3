-- The students who match the filters, for every file that lists them.

-- include: queries/steps/students_clock,

students_filtered as (
    select
        creator_id,
        -- include: queries/steps/student_columns,
        sort_key
    from student_engagement_tiers
    where
        -- include: queries/steps/students_fit
)
