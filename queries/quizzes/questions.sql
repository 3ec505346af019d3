-- One row per question, as currently asked: all of a quiz in its order or, without a quiz, those of any quiz that have a
-- finding, wrong answer keys first.
-- The rest score of an answer is the share of the other answers of the same attempt that were right. It is kept in hundredths
-- of a percent: to count as having done better elsewhere, students must differ by more than one such hundredth, which may be
-- rounding.
with

-- include: queries/steps/shown,

questions_chosen as materialized (
    select
        quiz_questions.creator_id,
        quiz_questions.id as question_id,
        quiz_questions.edition,
        quiz_questions.quiz_id,
        quizzes.title as quiz_title,
        quizzes.position as quiz_position,
        row_number() over (
            partition by quiz_questions.quiz_id order by quiz_questions.position, quiz_questions.id
        ) as number,
        quiz_questions.kind,
        quiz_questions.prompt,
        quiz_questions.correct_answer,
        quiz_questions.options != '[]'::jsonb as has_options
    from quiz_questions
    join quizzes
        on quizzes.creator_id = quiz_questions.creator_id
        and quizzes.id = quiz_questions.quiz_id
        and quizzes.deleted_at is null
    where
        quiz_questions.creator_id = :creator_id
        and (cast(:quiz_id as uuid) is null or quiz_questions.quiz_id = cast(:quiz_id as uuid))
),

questions_measured as materialized (
    select
        question_results.*,
        case
            when
                question_results.rest_count >= :least_answers
                and question_results.correct_rest_count > 0
                and question_results.correct_rest_count < question_results.rest_count
                and question_results.rest_count::numeric * question_results.rest_square_sum
                > question_results.rest_sum::numeric * question_results.rest_sum
                then
                    (
                        question_results.rest_count::numeric * question_results.correct_rest_sum
                        - question_results.correct_rest_count::numeric * question_results.rest_sum
                    )::double precision
                    / sqrt((
                        question_results.rest_count::numeric * question_results.rest_square_sum
                        - question_results.rest_sum::numeric * question_results.rest_sum
                    )::double precision)
                    / sqrt((
                        question_results.correct_rest_count::numeric
                        * (question_results.rest_count - question_results.correct_rest_count)
                    )::double precision)
        end as discrimination
    from shown
    join questions_chosen on questions_chosen.creator_id = shown.creator_id
    join question_results
        on question_results.creator_id = questions_chosen.creator_id
        and question_results.generation = shown.generation
        and question_results.course = :course
        and question_results.run = :run
        and question_results.question_id = questions_chosen.question_id
        and question_results.edition = questions_chosen.edition
    where
        -- A finding needs a few answers, fewer than half of them right.
        cast(:quiz_id as uuid) is not null
        or (
            question_results.answers >= :least_answers
            and 2 * question_results.correct < question_results.answers
        )
),

wrong_answers_judged as (
    select
        question_answers.creator_id,
        question_answers.question_id,
        question_answers.answer,
        question_answers.students - question_answers.correct as students,
        question_answers.wrong_rest_sum / 100.0 / nullif(question_answers.wrong_rest_count, 0) as rest_percent,
        coalesce(
            questions_measured.discrimination < :wrong_key_discrimination
            and question_answers.students - question_answers.correct > questions_measured.correct
            and question_answers.wrong_rest_sum * questions_measured.correct_rest_count
            > (questions_measured.correct_rest_sum + questions_measured.correct_rest_count)
            * question_answers.wrong_rest_count,
            false
        ) as rivals_the_key
    from questions_measured
    join question_answers
        on question_answers.creator_id = questions_measured.creator_id
        and question_answers.generation = questions_measured.generation
        and question_answers.course = questions_measured.course
        and question_answers.run = questions_measured.run
        and question_answers.question_id = questions_measured.question_id
        and question_answers.edition = questions_measured.edition
    where
        question_answers.students > question_answers.correct
        and question_answers.answer is not null
),

wrong_answers_chosen as (
    select distinct on (question_id) *
    from wrong_answers_judged
    order by
        question_id asc,
        rivals_the_key desc,
        students desc,
        answer collate "C" asc
),

questions_judged as (
    select
        questions_chosen.quiz_id,
        questions_chosen.quiz_title,
        questions_chosen.quiz_position,
        questions_chosen.number,
        questions_chosen.question_id,
        questions_chosen.kind,
        questions_chosen.prompt,
        questions_chosen.correct_answer,
        questions_chosen.has_options,
        coalesce(questions_measured.answers, 0) as answers,
        coalesce(questions_measured.correct, 0) as correct,
        100.0 * questions_measured.correct / questions_measured.answers as correct_percent,
        questions_measured.discrimination,
        questions_measured.correct_rest_sum / 100.0
        / nullif(questions_measured.correct_rest_count, 0) as keyed_rest_percent,
        wrong_answers_chosen.answer as wrong_answer,
        wrong_answers_chosen.students as wrong_answer_students,
        wrong_answers_chosen.rest_percent as wrong_answer_rest_percent,
        case
            when wrong_answers_chosen.rivals_the_key then 'wrong_key'
            when
                questions_measured.answers >= :least_answers
                and questions_measured.correct < :hard_share * questions_measured.answers
                then 'hard'
        end as finding
    from questions_chosen
    left join questions_measured
        on questions_measured.creator_id = questions_chosen.creator_id
        and questions_measured.question_id = questions_chosen.question_id
    left join wrong_answers_chosen
        on wrong_answers_chosen.creator_id = questions_chosen.creator_id
        and wrong_answers_chosen.question_id = questions_chosen.question_id
)

select *
from questions_judged
where
    cast(:quiz_id as uuid) is not null
    or finding is not null
order by
    case when cast(:quiz_id as uuid) is not null then number end asc,
    finding = 'wrong_key' desc,
    correct_percent asc,
    quiz_position asc,
    quiz_id asc,
    number asc
