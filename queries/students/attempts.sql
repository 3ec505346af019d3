-- One row per quiz attempt, newest first.
-- An id that is unknown, deleted or another creator's matches no student, and so returns nothing.
select
    quiz_attempts.id as attempt_id,
    quizzes.id as quiz_id,
    quizzes.title as quiz_title,
    quizzes.deleted_at is not null as is_deleted,
    quiz_attempts.attempt_number,
    quiz_attempts.score_percent,
    quiz_attempts.passed,
    quiz_attempts.time_taken_seconds,
    quiz_attempts.completed_at
from quiz_attempts
join students
    on students.creator_id = quiz_attempts.creator_id
    and students.id = quiz_attempts.student_id
    and students.deleted_at is null
join quizzes
    on quizzes.creator_id = quiz_attempts.creator_id
    and quizzes.id = quiz_attempts.quiz_id
where
    quiz_attempts.creator_id = :creator_id
    and quiz_attempts.student_id = :student_id
    and quiz_attempts.completed_at <= (select dashboard_now())
    and (
        -- include: queries/steps/attempt_of_the_level
    )
order by
    quiz_attempts.completed_at desc,
    quiz_attempts.attempt_number desc,
    quiz_attempts.id asc
limit :limit
