-- One row per quiz.
with

-- include: queries/steps/shown,

questions_counted as (
    select
        creator_id,
        quiz_id,
        count(*) as questions
    from quiz_questions
    where
        creator_id = :creator_id
        and (cast(:quiz_id as uuid) is null or quiz_id = cast(:quiz_id as uuid))
    group by
        creator_id,
        quiz_id
)

select
    quizzes.id as quiz_id,
    quizzes.title,
    quizzes.status,
    quizzes.position,
    videos.id as video_id,
    videos.title as video_title,
    coalesce(questions_counted.questions, 0) as questions,
    coalesce(quiz_totals.attempts, 0) as attempts,
    coalesce(quiz_totals.students, 0) as students,
    coalesce(quiz_totals.passed, 0) as passed,
    100.0 * quiz_totals.passed / quiz_totals.attempts as pass_rate_percent,
    100.0 * quiz_totals.first_passed / nullif(quiz_totals.first_attempts, 0) as first_pass_rate_percent,
    quiz_totals.score_sum / 100.0 / quiz_totals.attempts as mean_score_percent,
    1.0 * quiz_totals.time_sum / nullif(quiz_totals.time_count, 0) as mean_time_seconds,
    (
        select max(taken_quizzes.first_score_hundredths) / 100.0
        from taken_quizzes
        where
            taken_quizzes.creator_id = quiz_totals.creator_id
            and taken_quizzes.generation = quiz_totals.generation
            and taken_quizzes.course = quiz_totals.course
            and taken_quizzes.run = quiz_totals.run
            and taken_quizzes.quiz_id = quiz_totals.quiz_id
            and taken_quizzes.is_counted
            and taken_quizzes.first_score_hundredths is not null
    ) as best_first_score_percent,
    coalesce(
        (
            -- include: queries/quizzes/steps/is_struggling
        ),
        false
    ) as is_struggling
from shown
join quizzes on quizzes.creator_id = shown.creator_id
left join videos
    on videos.creator_id = quizzes.creator_id
    and videos.id = quizzes.video_id
    and videos.deleted_at is null
left join questions_counted
    on questions_counted.creator_id = quizzes.creator_id
    and questions_counted.quiz_id = quizzes.id
left join quiz_totals
    on quiz_totals.creator_id = quizzes.creator_id
    and quiz_totals.generation = shown.generation
    and quiz_totals.course = :course
    and quiz_totals.run = :run
    and quiz_totals.quiz_id = quizzes.id
where
    quizzes.deleted_at is null
    and (cast(:course_id as uuid) is null or quizzes.course_id = cast(:course_id as uuid))
    and (cast(:quiz_id as uuid) is null or quizzes.id = cast(:quiz_id as uuid))
order by
    quizzes.position,
    quizzes.created_at,
    quizzes.id
