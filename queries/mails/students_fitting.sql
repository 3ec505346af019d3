-- One row per student that fits the filters.
with

-- include: queries/steps/students_filtered

select student_id
from students_filtered
