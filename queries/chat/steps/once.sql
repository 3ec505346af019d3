-- What was asked only once ever; appended to other conditions, with the order of what remains. The planner takes "= 1" for rare
-- and would read the whole period; "< 2" lets it stop at the limit.
    and (
        select question_totals.messages
        from question_totals
        where
            question_totals.creator_id = :creator_id
            and question_totals.generation = (select clock.generation from clock)
            and question_totals.course = :course
            and question_totals.run = :run
            and question_totals.question_key = asked_questions.question_key
    ) < 2
order by
    asked_questions.asked_at desc,
    asked_questions.question_key asc
limit :most
