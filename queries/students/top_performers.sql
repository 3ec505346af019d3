-- One row per student who started a video, best first.
with students_ranked as (
    select
        student_id,
        videos_completed,
        quizzes_passed,
        xp_points
    from student_engagement_tiers
    where
        creator_id = :creator_id
        and videos_watched > 0
    order by
        videos_completed desc,
        quizzes_passed desc,
        xp_points desc,
        student_id asc
    limit :limit
)

select
    -- include: queries/steps/student_columns
from student_engagement_tiers
where
    creator_id = :creator_id
    and student_id = any(array(select student_id from students_ranked))
order by
    videos_completed desc,
    quizzes_passed desc,
    xp_points desc,
    student_id asc
