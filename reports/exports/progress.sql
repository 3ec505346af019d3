-- One row per student and published video. With the column course, where the creator has several, behind the others: reports.exports.course_column.
with

-- include: queries/steps/students_filtered,

videos_placed as (
    select
        creator_id,
        id,
        title,
        course_id,
        row_number() over (partition by course_id order by position, created_at, id) as place
    from videos
    where
        creator_id = :creator_id
        and deleted_at is null
        and status = 'completed'
        and (cast(:course_id as uuid) is null or course_id = cast(:course_id as uuid))
),

views_counted as (
    select
        views.creator_id,
        views.student_id,
        views.video_id,
        count(*) as views
    from shown_generations
    join views
        on views.creator_id = shown_generations.creator_id
        and views.generation = shown_generations.generation
    where
        shown_generations.creator_id = :creator_id
        and views.course = :course
        and views.run = :run
        and (cast(:student_id as uuid) is null or views.student_id = cast(:student_id as uuid))
        and (cast(:video_id as uuid) is null or views.video_id = cast(:video_id as uuid))
    group by
        views.creator_id,
        views.student_id,
        views.video_id
),

pairs_watched as (
    -- Whoever completed an edition of the file has completed the video; the share is of the newest one watched.
    select
        watched_videos.creator_id,
        watched_videos.student_id,
        watched_videos.video_id,
        bool_or(watched_videos.is_completed) as is_completed,
        (max(array[watched_videos.edition, watched_videos.share_hundredths]))[2] as share_hundredths,
        sum(watched_videos.watched_seconds) as watch_seconds,
        min(watched_videos.first_at) as first_watched,
        max(watched_videos.last_at) as last_watched
    from shown_generations
    join watched_videos
        on watched_videos.creator_id = shown_generations.creator_id
        and watched_videos.generation = shown_generations.generation
    where
        shown_generations.creator_id = :creator_id
        and watched_videos.course = :course
        and watched_videos.run = :run
        and (cast(:student_id as uuid) is null or watched_videos.student_id = cast(:student_id as uuid))
        and (cast(:video_id as uuid) is null or watched_videos.video_id = cast(:video_id as uuid))
    group by
        watched_videos.creator_id,
        watched_videos.student_id,
        watched_videos.video_id
),

videos_started as (
    select
        pairs_watched.*,
        coalesce(views_counted.views, 0) as views
    from pairs_watched
    left join views_counted
        on views_counted.creator_id = pairs_watched.creator_id
        and views_counted.student_id = pairs_watched.student_id
        and views_counted.video_id = pairs_watched.video_id
),

pairs_described as (
    select
        students_filtered.*,
        videos_placed.id as video_id,
        videos_placed.title,
        videos_placed.place,
        courses.position as course_position,
        courses.number as course_number,
        case
            when videos_started.is_completed then 'completed'
            when videos_started.video_id is not null then 'started'
            else 'not_started'
        end as state,
        videos_started.share_hundredths,
        videos_started.watch_seconds as video_watch_seconds,
        videos_started.views,
        videos_started.first_watched,
        videos_started.last_watched
    from students_filtered
    join videos_placed on videos_placed.creator_id = students_filtered.creator_id
    join courses
        on courses.creator_id = videos_placed.creator_id
        and courses.id = videos_placed.course_id
    left join videos_started
        on videos_started.creator_id = students_filtered.creator_id
        and videos_started.student_id = students_filtered.student_id
        and videos_started.video_id = videos_placed.id
)

select
    name,
    email,
    engagement_tier,
    place,
    title,
    state,
    round(share_hundredths / 100.0, 2) as watched_percent,
    video_watch_seconds,
    views,
    first_watched,
    last_watched,
    student_id::text as student_id,
    video_id::text as video_id{course}
from pairs_described
where
    (:state = '' or state = :state)
    and (cast(:student_id as uuid) is null or student_id = cast(:student_id as uuid))
    and (cast(:video_id as uuid) is null or video_id = cast(:video_id as uuid))
