-- Recompute the students given; those that were deleted lose their row.
create or replace function refresh_students(creator uuid, touched uuid[])
returns void
language sql
as $$
    delete from student_activity where creator_id = creator and student_id = any(touched);

    with activity_found as (
        select
            student_id,
            max(occurred_at) as last_active
        from signs_of_life
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    ),

    watching_summed as (
        select
            student_id,
            count(*) as videos_watched,
            count(*) filter (where completed and is_published) as videos_completed,
            coalesce(sum(watched_share), 0) as watched_share_sum,
            count(watched_share) as watched_share_count,
            sum(watch_seconds) as watch_seconds,
            sum(views) as video_views
        from watched_pairs
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    ),

    sessions_counted as (
        select
            student_id,
            count(*) as chat_sessions
        from chat_sessions
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    ),

    messages_counted as (
        select
            student_id,
            count(*) as chat_messages
        from chat_messages
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    ),

    questions_counted as (
        select
            student_id,
            count(*) as questions_asked,
            count(*) filter (where is_answered) as questions_answered,
            coalesce(sum(rating), 0) as rating_sum,
            count(rating) as rating_count
        from questions_asked
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    ),

    attempts_counted as (
        select
            student_id,
            count(*) as quiz_attempts,
            count(*) filter (where passed) as quizzes_passed
        from quiz_attempts
        where
            creator_id = creator
            and student_id = any(touched)
        group by student_id
    )

    insert into student_activity
    select
        students.creator_id,
        students.id,
        activity_found.last_active,
        coalesce(watching_summed.videos_watched, 0),
        coalesce(watching_summed.videos_completed, 0),
        coalesce(watching_summed.watched_share_sum, 0),
        coalesce(watching_summed.watched_share_count, 0),
        coalesce(watching_summed.watch_seconds, 0),
        coalesce(watching_summed.video_views, 0),
        coalesce(sessions_counted.chat_sessions, 0),
        coalesce(messages_counted.chat_messages, 0),
        coalesce(questions_counted.questions_asked, 0),
        coalesce(questions_counted.questions_answered, 0),
        coalesce(questions_counted.rating_sum, 0),
        coalesce(questions_counted.rating_count, 0),
        coalesce(attempts_counted.quiz_attempts, 0),
        coalesce(attempts_counted.quizzes_passed, 0)
    from students
    left join activity_found on activity_found.student_id = students.id
    left join watching_summed on watching_summed.student_id = students.id
    left join sessions_counted on sessions_counted.student_id = students.id
    left join messages_counted on messages_counted.student_id = students.id
    left join questions_counted on questions_counted.student_id = students.id
    left join attempts_counted on attempts_counted.student_id = students.id
    where
        students.creator_id = creator
        and students.id = any(touched)
        and students.deleted_at is null;
$$;

-- Recompute the sessions of the students given: signs of life with gaps of up to 30 minutes.
-- A session lasts from its first sign to its last, plus the seconds watched in the last.
create or replace function refresh_sessions(creator uuid, touched uuid[])
returns void
language sql
as $$
    delete from student_sessions where creator_id = creator and student_id = any(touched);

    with instants_gathered as (
        select
            signs_of_life.student_id,
            signs_of_life.occurred_at,
            max(signs_of_life.watched_seconds) as watched_seconds
        from signs_of_life
        join students
            on students.creator_id = signs_of_life.creator_id
            and students.id = signs_of_life.student_id
        where
            signs_of_life.creator_id = creator
            and signs_of_life.student_id = any(touched)
            and students.deleted_at is null
        group by
            signs_of_life.student_id,
            signs_of_life.occurred_at
    ),

    starts_found as (
        select
            *,
            case
                when occurred_at - lag(occurred_at) over (partition by student_id order by occurred_at) <= interval '30 minutes' then 0
                else 1
            end as is_start
        from instants_gathered
    ),

    sessions_numbered as (
        select
            *,
            sum(is_start) over (partition by student_id order by occurred_at) as session_number
        from starts_found
    )

    insert into student_sessions (creator_id, student_id, started_at, session_seconds)
    select
        creator,
        student_id,
        min(occurred_at),
        extract(epoch from max(occurred_at) - min(occurred_at))
        + (array_agg(watched_seconds order by occurred_at desc))[1]
    from sessions_numbered
    group by
        student_id,
        session_number;
$$;

-- One row per creator and student that is not deleted, with the tier as of now.
create or replace view student_engagement_tiers with (security_invoker = true) as
with published_counted as (
    select
        creator_id,
        count(*) as published_videos
    from videos
    where
        status = 'completed'
        and deleted_at is null
    group by creator_id
),

silence_measured as (
    select
        students.creator_id,
        students.id as student_id,
        students.name,
        students.email,
        students.xp_points,
        students.level,
        students.streak_days,
        students.created_at,
        student_activity.last_active,
        coalesce(student_activity.last_active, students.created_at) as silent_since,
        coalesce(student_activity.videos_watched, 0) as videos_watched,
        coalesce(student_activity.videos_completed, 0) as videos_completed,
        student_activity.watched_share_sum / nullif(student_activity.watched_share_count, 0) as avg_completion,
        coalesce(student_activity.watch_seconds, 0) as watch_seconds,
        coalesce(student_activity.quiz_attempts, 0) as quiz_attempts,
        coalesce(student_activity.quizzes_passed, 0) as quizzes_passed,
        coalesce(student_activity.questions_asked, 0) as questions_asked,
        coalesce(published_counted.published_videos, 0) as published_videos,
        100.0 * coalesce(student_activity.videos_completed, 0) / nullif(published_counted.published_videos, 0) as progress_percent
    from students
    left join student_activity
        on student_activity.creator_id = students.creator_id
        and student_activity.student_id = students.id
    left join published_counted on published_counted.creator_id = students.creator_id
    where students.deleted_at is null
)

select
    *,
    case
        when silent_since < dashboard_now() - interval '14 days' then 'inactive'
        when silent_since < dashboard_now() - interval '7 days' then 'at_risk'
        when videos_watched < 3 and created_at < dashboard_now() - interval '7 days' then 'low_engagement'
        when videos_watched >= 10 and avg_completion >= 75 then 'highly_engaged'
        when videos_watched >= 5 then 'engaged'
        else 'moderate'
    end as engagement_tier,
    case
        when silent_since < dashboard_now() - interval '14 days' then 'inactive'
        when silent_since < dashboard_now() - interval '7 days' then 'at-risk'
        else 'active'
    end as status,
    published_videos > 0 and videos_completed >= published_videos as is_finished
from silence_measured;
