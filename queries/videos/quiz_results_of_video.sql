-- One row per quiz on the video.
with

-- include: queries/steps/shown

select
    quizzes.id as quiz_id,
    quizzes.title,
    quizzes.status,
    coalesce(quiz_totals.attempts, 0) as attempts,
    coalesce(quiz_totals.students, 0) as students,
    coalesce(quiz_totals.passed, 0) as passed,
    (100.0 * quiz_totals.passed / quiz_totals.attempts)::float as pass_rate_percent,
    coalesce(
        (
            -- include: queries/quizzes/steps/is_struggling
        ),
        false
    ) as is_struggling
from shown
join quizzes on quizzes.creator_id = shown.creator_id
join videos
    on videos.creator_id = quizzes.creator_id
    and videos.id = quizzes.video_id
left join quiz_totals
    on quiz_totals.creator_id = quizzes.creator_id
    and quiz_totals.generation = shown.generation
    and quiz_totals.course = :course
    and quiz_totals.run = :run
    and quiz_totals.quiz_id = quizzes.id
where
    quizzes.video_id = :video_id
    and quizzes.deleted_at is null
    and videos.deleted_at is null
order by
    quizzes.position,
    quizzes.created_at,
    quizzes.id
