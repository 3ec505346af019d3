-- One row per quiz question whose newest answer is wrong, as it was asked at the time.
with answers_ranked as (
    select
        quiz_attempts.creator_id,
        quiz_attempts.question_id,
        quiz_attempts.edition,
        quiz_attempts.answer,
        quiz_attempts.is_correct,
        quiz_attempts.completed_at,
        row_number() over (
            partition by quiz_attempts.question_id
            order by
                quiz_attempts.completed_at desc,
                quiz_attempts.attempt_number desc,
                quiz_attempts.attempt_id asc
        ) as place
    from answers_given as quiz_attempts -- the name that attempt_of_the_level refers to
    join students
        on students.creator_id = quiz_attempts.creator_id
        and students.id = quiz_attempts.student_id
        and students.deleted_at is null
    where
        quiz_attempts.creator_id = :creator_id
        and quiz_attempts.student_id = :student_id
        and quiz_attempts.completed_at <= (select dashboard_now())
        and (
            -- include: queries/steps/attempt_of_the_level
        )
),

answers_counted as (
    -- Answers to another edition of the question are answers to another question.
    select
        newest.creator_id,
        newest.question_id,
        newest.edition,
        newest.answer,
        newest.completed_at as answered_at,
        count(*) as times,
        count(*) filter (where not answers_ranked.is_correct) as wrong
    from answers_ranked as newest
    join answers_ranked
        on answers_ranked.creator_id = newest.creator_id
        and answers_ranked.question_id = newest.question_id
        and answers_ranked.edition = newest.edition
    where
        newest.place = 1
        and not newest.is_correct
    group by
        newest.creator_id,
        newest.question_id,
        newest.edition,
        newest.answer,
        newest.completed_at
)

select
    quiz_questions.id as question_id,
    coalesce(question_editions.prompt, quiz_questions.prompt) as prompt,
    quizzes.id as quiz_id,
    quizzes.title as quiz_title,
    answers_counted.answer,
    case
        when question_editions.edition is null then quiz_questions.correct_answer
        else question_editions.correct_answer
    end as correct_answer,
    answers_counted.wrong,
    answers_counted.times,
    answers_counted.answered_at
from answers_counted
join quiz_questions
    on quiz_questions.creator_id = answers_counted.creator_id
    and quiz_questions.id = answers_counted.question_id
join quizzes
    on quizzes.creator_id = quiz_questions.creator_id
    and quizzes.id = quiz_questions.quiz_id
    and quizzes.deleted_at is null
left join question_editions
    on question_editions.creator_id = answers_counted.creator_id
    and question_editions.question_id = answers_counted.question_id
    and question_editions.edition = answers_counted.edition
order by
    answers_counted.wrong desc,
    answers_counted.answered_at desc,
    quizzes.position asc,
    quiz_questions.position asc,
    quiz_questions.id asc
