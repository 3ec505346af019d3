-- One row, or none for a student who is unknown, deleted or another creator's.
select
    -- include: queries/steps/student_columns
from student_engagement_tiers
where
    creator_id = :creator_id
    and student_id = :student_id
