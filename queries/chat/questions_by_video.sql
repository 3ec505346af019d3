-- One row per video that was asked about in this period, most questions per viewer first.
with

-- include: queries/chat/steps/questions_found,

-- By hash, student by student: counting distinct students would sort.
askers_counted as (
    select
        video_id,
        student_id,
        count(*) as questions,
        count(*) filter (where not is_answered) as unanswered,
        sum(rating_hundredths) as rating_sum,
        count(rating_hundredths) as ratings
    from questions_found
    where video_id is not null
    group by
        video_id,
        student_id
),

questions_counted as (
    select
        video_id,
        sum(questions)::bigint as questions,
        count(*) as people,
        sum(unanswered)::bigint as unanswered,
        sum(rating_sum) / (100.0 * nullif(sum(ratings), 0)) as mean_rating,
        sum(ratings)::bigint as ratings
    from askers_counted
    group by video_id
),

viewers_of_files as (
    -- As many as the sum says; for a video with several files, people who watched any of them are looked up below.
    select
        video_id,
        count(*) filter (where viewers > 0) as files,
        max(viewers) as viewers
    from video_totals
    where
        creator_id = :creator_id
        and generation = (select clock.generation from clock)
        and course = :course
        and run = :run
    group by video_id
),

videos_asked_about as (
    select
        questions_counted.*,
        case
            when viewers_of_files.files > 1
                then (
                    select count(distinct watched_videos.student_id)
                    from watched_videos
                    where
                        watched_videos.creator_id = :creator_id
                        and watched_videos.generation = (select clock.generation from clock)
                        and watched_videos.course = :course
                        and watched_videos.run = :run
                        and watched_videos.video_id = questions_counted.video_id
                )
            else coalesce(viewers_of_files.viewers, 0)
        end as viewers
    from questions_counted
    left join viewers_of_files on viewers_of_files.video_id = questions_counted.video_id
)

select
    videos.id as video_id,
    videos.title,
    videos_asked_about.questions,
    videos_asked_about.people,
    videos_asked_about.unanswered,
    videos_asked_about.mean_rating,
    videos_asked_about.ratings,
    videos_asked_about.viewers,
    videos_asked_about.questions::numeric / nullif(videos_asked_about.viewers, 0) as questions_per_viewer
from videos_asked_about
join videos
    on videos.creator_id = :creator_id
    and videos.id = videos_asked_about.video_id
where videos.deleted_at is null
order by
    questions_per_viewer desc nulls last,
    videos_asked_about.questions desc,
    videos.id asc
