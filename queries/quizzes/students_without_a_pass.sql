-- One row per student who tried the quiz and never passed it.
with

-- include: queries/steps/shown

select
    students.id as student_id,
    students.name,
    students.email,
    taken_quizzes.attempts as failed_attempts,
    taken_quizzes.best_score_hundredths / 100.0 as best_score_percent,
    taken_quizzes.last_at as last_attempt_at
from shown
join taken_quizzes
    on taken_quizzes.creator_id = shown.creator_id
    and taken_quizzes.generation = shown.generation
    and taken_quizzes.course = :course
    and taken_quizzes.run = :run
    and taken_quizzes.quiz_id = :quiz_id
    and taken_quizzes.is_counted
    and taken_quizzes.passed = 0
join students
    on students.creator_id = taken_quizzes.creator_id
    and students.id = taken_quizzes.student_id
    and students.deleted_at is null
order by
    taken_quizzes.attempts desc,
    taken_quizzes.best_score_hundredths asc,
    students.name asc,
    students.id asc
