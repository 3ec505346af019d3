-- One row, or none for a video that is unknown, deleted or another creator's.
with

-- include: queries/videos/steps/one_video

select
    videos.id as video_id,
    videos.title,
    videos.description,
    videos.category,
    videos.tags,
    videos.difficulty_level,
    videos.transcript,
    videos_shown.status,
    videos_shown.unique_viewers,
    (
        select count(*)
        from quizzes
        where
            quizzes.creator_id = :creator_id
            and quizzes.video_id = :video_id
            and quizzes.deleted_at is null
    ) as quizzes
from videos_shown
join videos
    on videos.creator_id = videos_shown.creator_id
    and videos.id = videos_shown.video_id
