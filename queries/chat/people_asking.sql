-- One row: how many students asked the questions of this period that match the filters.
with

-- include: queries/chat/steps/questions_found,

people_found as (
    select student_id
    from questions_found
    group by student_id
)

select count(*) as people from people_found
