-- One row per attempt. With the column course, where the creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/steps/shown,

-- include: queries/steps/period,

attempts_chosen as (
    -- Up to the clock: the student has not left, the quiz is not deleted.
    select
        quiz_attempts.creator_id,
        quiz_attempts.id as attempt_id,
        quiz_attempts.completed_at,
        students.name as student,
        students.email,
        quizzes.title as quiz,
        quizzes.video_id,
        quiz_attempts.attempt_number,
        quiz_attempts.score_percent,
        quiz_attempts.passed,
        quiz_attempts.time_taken_seconds,
        quiz_attempts.quiz_id,
        quiz_attempts.student_id
    from shown
    join period on period.creator_id = shown.creator_id
    join quiz_attempts
        on quiz_attempts.creator_id = shown.creator_id
        and quiz_attempts.completed_at <= shown.instant
    join students
        on students.creator_id = quiz_attempts.creator_id
        and students.id = quiz_attempts.student_id
        and students.deleted_at is null
    join quizzes
        on quizzes.creator_id = quiz_attempts.creator_id
        and quizzes.id = quiz_attempts.quiz_id
        and quizzes.deleted_at is null
    where
        (
            -- include: queries/steps/attempt_of_the_level
        )
        and (cast(:quiz_id as uuid) is null or quiz_attempts.quiz_id = cast(:quiz_id as uuid))
        and (
            :is_ever
            or (quiz_attempts.completed_at at time zone shown.timezone)::date
            between period.first_day and period.last_day
        )
),

answers_counted as (
    select
        attempts_chosen.creator_id,
        attempts_chosen.attempt_id,
        count(*) as questions_answered,
        count(*) filter (where quiz_answers.is_correct) as questions_right
    from attempts_chosen
    join quiz_answers
        on quiz_answers.creator_id = attempts_chosen.creator_id
        and quiz_answers.attempt_id = attempts_chosen.attempt_id
    group by
        attempts_chosen.creator_id,
        attempts_chosen.attempt_id
)

select
    attempts_chosen.completed_at,
    attempts_chosen.student,
    attempts_chosen.email,
    attempts_chosen.quiz,
    videos.title as video,
    attempts_chosen.attempt_number,
    round(attempts_chosen.score_percent, 2) as score_percent,
    attempts_chosen.passed,
    attempts_chosen.time_taken_seconds,
    coalesce(answers_counted.questions_right, 0) as questions_right,
    coalesce(answers_counted.questions_answered, 0) as questions_answered,
    attempts_chosen.attempt_id::text as attempt_id,
    attempts_chosen.quiz_id::text as quiz_id,
    attempts_chosen.student_id::text as student_id,
    videos.id::text as video_id{course}
from attempts_chosen
left join videos
    on videos.creator_id = attempts_chosen.creator_id
    and videos.id = attempts_chosen.video_id
    and videos.deleted_at is null
left join answers_counted
    on answers_counted.creator_id = attempts_chosen.creator_id
    and answers_counted.attempt_id = attempts_chosen.attempt_id
