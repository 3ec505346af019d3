-- Those asked more than once: question_totals has few of them, and nothing else is asked by two students in a period.
and asked_questions.question_key = any(array(
    select question_totals.question_key
    from question_totals
    where
        question_totals.creator_id = :creator_id
        and question_totals.generation = (select clock.generation from clock)
        and question_totals.course = :course
        and question_totals.run = :run
        and question_totals.messages > 1
))
