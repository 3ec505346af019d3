-- One row per question, as currently asked, and answer that was offered, is in the answer key or was given.
with

-- include: queries/steps/shown,

questions_asked_now as materialized (
    select
        creator_id,
        id as question_id,
        edition,
        position,
        kind,
        options,
        correct_answer
    from quiz_questions
    where
        creator_id = :creator_id
        and quiz_id = :quiz_id
),

answers_counted as (
    select
        question_answers.creator_id,
        question_answers.question_id,
        question_answers.answer,
        question_answers.students,
        question_answers.correct > 0 as was_right
    from shown
    join questions_asked_now on questions_asked_now.creator_id = shown.creator_id
    join question_answers
        on question_answers.creator_id = shown.creator_id
        and question_answers.generation = shown.generation
        and question_answers.course = :course
        and question_answers.run = :run
        and question_answers.question_id = questions_asked_now.question_id
        and question_answers.edition = questions_asked_now.edition
),

answers_offered as (
    select
        questions_asked_now.creator_id,
        questions_asked_now.question_id,
        offered.answer,
        min(offered.place) as place
    from questions_asked_now
    cross join lateral (
        select
            options.answer,
            options.place
        from jsonb_array_elements_text(questions_asked_now.options) with ordinality as options (answer, place)
        where questions_asked_now.kind = 'multiple_choice'
        union all
        select
            questions_asked_now.correct_answer,
            null
        where questions_asked_now.correct_answer is not null
    ) as offered
    group by
        questions_asked_now.creator_id,
        questions_asked_now.question_id,
        offered.answer
),

answers_gathered as (
    select
        coalesce(answers_offered.creator_id, answers_counted.creator_id) as creator_id,
        coalesce(answers_offered.question_id, answers_counted.question_id) as question_id,
        coalesce(answers_offered.answer, answers_counted.answer) as answer,
        answers_offered.place,
        coalesce(answers_counted.students, 0) as students,
        coalesce(answers_counted.was_right, false) as was_right
    from answers_offered
    full join answers_counted
        on answers_counted.creator_id = answers_offered.creator_id
        and answers_counted.question_id = answers_offered.question_id
        and answers_counted.answer = answers_offered.answer
)

select
    answers_gathered.question_id,
    answers_gathered.answer,
    answers_gathered.students,
    coalesce(
        answers_gathered.answer = questions_asked_now.correct_answer,
        questions_asked_now.correct_answer is null and answers_gathered.was_right
    ) as is_keyed
from answers_gathered
join questions_asked_now
    on questions_asked_now.creator_id = answers_gathered.creator_id
    and questions_asked_now.question_id = answers_gathered.question_id
order by
    questions_asked_now.position asc,
    questions_asked_now.question_id asc,
    answers_gathered.place asc nulls last,
    answers_gathered.students desc,
    answers_gathered.answer collate "C" asc
