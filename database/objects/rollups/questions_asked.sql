-- One row per question (a student's message in the chat) of a student who is not deleted.
create or replace view questions_asked with (security_invoker = true) as
select
    questions.creator_id,
    questions.id,
    questions.session_id,
    questions.student_id,
    questions.video_id,
    questions.question_key,
    questions.content,
    questions.created_at,
    exists ( -- noqa: LT01,LT06
        select
        from chat_messages as later
        where
            later.creator_id = questions.creator_id
            and later.session_id = questions.session_id
            and later.role = 'assistant'
            and (later.created_at, later.id) > (questions.created_at, questions.id)
    ) as is_answered,
    -- The rating of the question itself, else of the message that follows it if that is an answer.
    coalesce(
        questions.helpful_rating,
        (
            select case when next.role = 'assistant' then next.helpful_rating end
            from chat_messages as next
            where
                next.creator_id = questions.creator_id
                and next.session_id = questions.session_id
                and (next.created_at, next.id) > (questions.created_at, questions.id)
            order by
                next.created_at,
                next.id
            limit 1
        )
    ) as rating
from chat_messages as questions
join students
    on students.creator_id = questions.creator_id
    and students.id = questions.student_id
where
    questions.role = 'user'
    and students.deleted_at is null;

grant select on questions_asked to dashboard_app;
