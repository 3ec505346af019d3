-- One row per video that a student asked about, in course order.
select
    videos.id as video_id,
    videos.title
from videos
where
    videos.creator_id = :creator_id
    and videos.deleted_at is null
    -- One index look-up per video: with `exists`, every question would be read.
    and (
        select true
        from asked_questions
        where
            asked_questions.creator_id = :creator_id
            and asked_questions.generation = (
                select shown_generations.generation
                from shown_generations
                where shown_generations.creator_id = :creator_id
            )
            and asked_questions.course = :course
            and asked_questions.run = :run
            and asked_questions.video_id = videos.id
            and asked_questions.asked_at <= dashboard_now()
        order by asked_questions.asked_at
        limit 1
    )
order by
    videos.position,
    videos.created_at,
    videos.id
