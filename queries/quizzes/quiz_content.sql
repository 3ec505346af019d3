-- One row per question of the quiz, in order; one row without a question for an empty quiz.
with

-- include: queries/steps/shown

select
    quizzes.id as quiz_id,
    quizzes.title,
    quizzes.status,
    quizzes.video_id,
    quiz_questions.id as question_id,
    quiz_questions.position,
    quiz_questions.kind,
    quiz_questions.prompt,
    quiz_questions.options,
    quiz_questions.correct_answer,
    coalesce(question_results.answers, 0) as answers
from shown
join quizzes on quizzes.creator_id = shown.creator_id
left join quiz_questions
    on quiz_questions.creator_id = quizzes.creator_id
    and quiz_questions.quiz_id = quizzes.id
left join question_results
    on question_results.creator_id = quiz_questions.creator_id
    and question_results.generation = shown.generation
    and question_results.course = :course
    and question_results.run = :run
    and question_results.question_id = quiz_questions.id
    and question_results.edition = quiz_questions.edition
where
    quizzes.id = :quiz_id
    and quizzes.deleted_at is null
order by
    quiz_questions.position,
    quiz_questions.id
