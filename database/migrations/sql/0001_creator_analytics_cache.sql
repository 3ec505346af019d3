-- Recompute the creator's totals from the rollups of students and videos.
create or replace function refresh_totals(creator uuid)
returns void
language sql
as $$
    delete from creator_totals where creator_id = creator;

    with students_summed as (
        select
            count(*) as total_students,
            coalesce(sum(video_views), 0) as total_video_views,
            coalesce(sum(videos_watched), 0) as videos_watched,
            sum(watched_share_sum) / nullif(sum(watched_share_count), 0) as avg_watch_percentage,
            coalesce(sum(watch_seconds), 0) as total_watch_seconds,
            coalesce(sum(chat_sessions), 0) as total_chat_sessions,
            coalesce(sum(chat_messages), 0) as total_chat_messages,
            coalesce(sum(questions_asked), 0) as questions_asked,
            coalesce(sum(questions_answered), 0) as questions_answered,
            sum(rating_sum) / nullif(sum(rating_count), 0) as satisfaction_rate,
            coalesce(sum(quiz_attempts), 0) as total_quiz_attempts,
            coalesce(sum(quizzes_passed), 0) as quizzes_passed
        from student_activity
        where creator_id = creator
    ),

    videos_counted as (
        select
            count(*) as total_videos,
            count(*) filter (where status = 'completed') as processed_videos
        from videos
        where
            creator_id = creator
            and deleted_at is null
    )

    insert into creator_totals
    select
        creator,
        students_summed.total_students,
        videos_counted.total_videos,
        videos_counted.processed_videos,
        students_summed.total_video_views,
        students_summed.videos_watched,
        students_summed.avg_watch_percentage,
        students_summed.total_watch_seconds,
        students_summed.total_chat_sessions,
        students_summed.total_chat_messages,
        students_summed.questions_asked,
        students_summed.questions_answered,
        students_summed.satisfaction_rate,
        students_summed.total_quiz_attempts,
        students_summed.quizzes_passed,
        dashboard_now()
    from students_summed
    cross join videos_counted;
$$;

-- One row per creator.
create or replace view creator_analytics_cache with (security_invoker = true) as
with seen_until_now as (
    select
        creator_id,
        case
            -- A fixed clock may stand before the last sign.
            when last_active > dashboard_now()
                then (
                    select max(signs_of_life.occurred_at)
                    from signs_of_life
                    where
                        signs_of_life.creator_id = student_activity.creator_id
                        and signs_of_life.student_id = student_activity.student_id
                        and signs_of_life.occurred_at <= dashboard_now()
                )
            else last_active
        end as last_seen
    from student_activity
),

recently_active_counted as (
    select
        creator_id,
        count(*) filter (where last_seen >= dashboard_now() - interval '7 days') as active_students_7d,
        count(*) filter (where last_seen >= dashboard_now() - interval '30 days') as active_students_30d
    from seen_until_now
    group by creator_id
)

select
    creator_totals.*,
    coalesce(recently_active_counted.active_students_7d, 0) as active_students_7d,
    coalesce(recently_active_counted.active_students_30d, 0) as active_students_30d
from creator_totals
left join recently_active_counted on recently_active_counted.creator_id = creator_totals.creator_id;
