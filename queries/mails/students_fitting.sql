-- One row per student who matches the filters.
with

-- include: queries/steps/students_filtered

select student_id
from students_filtered
