-- The questions that several students asked.

-- One row per question that at least two students asked: one student who keeps asking is a student to help, not a gap in the
-- content. The question is shown in its most frequent wording; of equally frequent ones, the first in character order.
create or replace view most_asked_questions with (security_invoker = true) as
select
    question_totals.creator_id,
    question_totals.question_key,
    (
        select question_wordings.wording
        from question_wordings
        where
            question_wordings.creator_id = question_totals.creator_id
            and question_wordings.generation = question_totals.generation
            and question_wordings.course = (select current_course())
            and question_wordings.run = (select current_run())
            and question_wordings.question_key = question_totals.question_key
        order by
            question_wordings.messages desc,
            question_wordings.wording collate "C" asc
        limit 1
    ) as question,
    question_totals.messages as ask_count,
    question_totals.people as unique_askers,
    question_totals.answered as answered_count,
    question_totals.rating_sum / (100.0 * nullif(question_totals.rating_count, 0)) as avg_satisfaction,
    (
        select max(asked_questions.asked_at)
        from asked_questions
        where
            asked_questions.creator_id = question_totals.creator_id
            and asked_questions.generation = question_totals.generation
            and asked_questions.course = (select current_course())
            and asked_questions.run = (select current_run())
            and asked_questions.question_key = question_totals.question_key
    ) as last_asked_at
from question_totals
join shown_generations
    on
    shown_generations.creator_id = question_totals.creator_id
    and shown_generations.generation = question_totals.generation
where
    question_totals.course = (select current_course())
    and question_totals.run = (select current_run())
    and question_totals.people >= 2;

grant select on most_asked_questions to dashboard_app;
