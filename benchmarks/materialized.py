"""Five plain materialized views of the same figures: the baseline of every refresh.

Each says what the dashboard's relation of that name says of data like the demo's, in every column that both have.
What the definitions ask beyond that (editions, watched ranges, the clock) is left out, in the plain views' favour.
They are written for speed: rows are aggregated by hash before they are joined, and sorted only where order
matters. They cover all creators, are always recalculated as a whole, and are refreshed
concurrently: no reader waits.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text

from database.clock import fixed_now
from database.engine import engine

SCHEMA = "plain"
# So that nothing is sorted or hashed on disk, and no plan compiled.
ROOM = "set local work_mem = '256MB'; set local maintenance_work_mem = '256MB'; set local jit = off"

ACTIVITY = """
    select creator_id, student_id, watched_at as occurred_at, video_id, end_second - start_second as seconds
    from watch_segments
    union all
    select creator_id, student_id, first_watched, video_id, 0 from video_progress
    union all
    select creator_id, student_id, last_watched, video_id, 0 from video_progress
    union all
    select creator_id, student_id, occurred_at, video_id, 0 from activity_events
    union all
    select creator_id, student_id, completed_at, null, 0 from quiz_attempts
    union all
    select creator_id, student_id, created_at, null, 0 from chat_messages where role = 'user'
"""

# One row per student and video that somebody started, neither deleted. Most watched it in one go: only the segments of
# the others are put in order.
STARTED = """
    with played as (
        select
            creator_id,
            student_id,
            video_id,
            min(watched_at) as first_at,
            max(watched_at) as last_at,
            sum(end_second - start_second) as seconds
        from watch_segments
        group by creator_id, student_id, video_id
    )

    select
        progress.creator_id,
        progress.student_id,
        progress.video_id,
        progress.last_watched,
        progress.completed,
        videos.status = 'completed' as is_published,
        coalesce(progress.watch_percentage, curves.mean_percent) as share,
        case
            when played.last_at - played.first_at > interval '30 minutes'
                then (
                    select 1 + count(*)
                    from (
                        select watched_at - lag(watched_at) over (order by watched_at) as gap
                        from watch_segments
                        where
                            watch_segments.creator_id = played.creator_id
                            and watch_segments.student_id = played.student_id
                            and watch_segments.video_id = played.video_id
                    ) as gaps
                    where gap > interval '30 minutes'
                )
            else 1
        end as views,
        coalesce(played.seconds, progress.watch_duration, 0) as seconds
    from video_progress as progress
    join students
        on
            students.creator_id = progress.creator_id
            and students.id = progress.student_id
            and students.deleted_at is null
    join videos
        on
            videos.creator_id = progress.creator_id
            and videos.id = progress.video_id
            and videos.deleted_at is null
    left join played
        on
            played.creator_id = progress.creator_id
            and played.student_id = progress.student_id
            and played.video_id = progress.video_id
    left join (
        select
            creator_id,
            video_id,
            (
                sum((position_percent - before_position) * (viewers_percent + before_viewers) / 2)
                + (100 - max(position_percent)) * (array_agg(viewers_percent order by position_percent desc))[1]
            ) / 100 as mean_percent
        from (
            select
                *,
                lag(position_percent, 1, 0) over curve as before_position,
                lag(viewers_percent, 1, 100) over curve as before_viewers
            from retention_points
            window curve as (partition by creator_id, video_id order by position_percent)
        ) as points
        group by creator_id, video_id
    ) as curves
        on curves.creator_id = progress.creator_id and curves.video_id = progress.video_id
"""

# One row per question of a student who is not deleted.
QUESTIONS = """
    select messages.*
    from (
        select
            creator_id,
            student_id,
            role,
            question_key,
            content,
            created_at,
            coalesce(bool_or(role = 'assistant') over (
                in_order rows between 1 following and unbounded following
            ), false) as is_answered,
            coalesce(
                helpful_rating,
                case when lead(role) over in_order = 'assistant' then lead(helpful_rating) over in_order end
            ) as rating
        from chat_messages
        window in_order as (partition by creator_id, session_id order by created_at, id)
    ) as messages
    join students
        on
            students.creator_id = messages.creator_id
            and students.id = messages.student_id
            and students.deleted_at is null
    where messages.role = 'user'
"""

# One row per student who is not deleted, with everything that is added up by student.
STUDENTS = f"""
    select
        students.creator_id,
        students.id as student_id,
        students.name,
        students.created_at,
        seen.last_active,
        coalesce(seen.last_active, students.created_at) as silent_since,
        coalesce(watched.videos, 0) as videos_watched,
        coalesce(watched.completed, 0) as videos_completed,
        coalesce(watched.share_sum, 0) as share_sum,
        coalesce(watched.shares, 0) as shares,
        coalesce(watched.seconds, 0) as watch_seconds,
        coalesce(watched.views, 0) as views,
        coalesce(sessions.sessions, 0) as chat_sessions,
        coalesce(messages.messages, 0) as chat_messages,
        coalesce(asked.questions, 0) as questions_asked,
        coalesce(asked.answered, 0) as questions_answered,
        coalesce(asked.rating_sum, 0) as rating_sum,
        coalesce(asked.ratings, 0) as ratings,
        coalesce(taken.attempts, 0) as quiz_attempts,
        coalesce(taken.passed, 0) as quizzes_passed
    from students
    left join (
        select creator_id, student_id, max(occurred_at) as last_active
        from ({ACTIVITY}) as activity
        where occurred_at <= (select dashboard_now())
        group by creator_id, student_id
    ) as seen on seen.creator_id = students.creator_id and seen.student_id = students.id
    left join (
        select
            creator_id,
            student_id,
            count(*) as videos,
            count(*) filter (where completed and is_published) as completed,
            sum(share) as share_sum,
            count(share) as shares,
            sum(seconds) as seconds,
            sum(views) as views
        from ({STARTED}) as started
        group by creator_id, student_id
    ) as watched on watched.creator_id = students.creator_id and watched.student_id = students.id
    left join (
        select creator_id, student_id, count(*) as sessions from chat_sessions group by creator_id, student_id
    ) as sessions on sessions.creator_id = students.creator_id and sessions.student_id = students.id
    left join (
        select creator_id, student_id, count(*) as messages from chat_messages group by creator_id, student_id
    ) as messages on messages.creator_id = students.creator_id and messages.student_id = students.id
    left join (
        select
            creator_id,
            student_id,
            count(*) as questions,
            count(*) filter (where is_answered) as answered,
            sum(rating) as rating_sum,
            count(rating) as ratings
        from ({QUESTIONS}) as questions
        group by creator_id, student_id
    ) as asked on asked.creator_id = students.creator_id and asked.student_id = students.id
    left join (
        select creator_id, student_id, count(*) as attempts, count(*) filter (where passed) as passed
        from quiz_attempts
        group by creator_id, student_id
    ) as taken on taken.creator_id = students.creator_id and taken.student_id = students.id
    where students.deleted_at is null
"""

PUBLISHED = """
    select creator_id, count(*) as videos, count(*) filter (where status = 'completed') as published
    from videos
    where deleted_at is null
    group by creator_id
"""

# Name: key, query. The last one adds up the one before it, which is refreshed before.
VIEWS = {
    "daily_active_users": (
        "creator_id, activity_date",
        f"""
        with touched as (
            select
                activity.creator_id,
                (activity.occurred_at at time zone creators.timezone)::date as activity_date,
                activity.student_id,
                activity.video_id,
                sum(activity.seconds) as seconds
            from ({ACTIVITY}) as activity
            join creators on creators.id = activity.creator_id
            group by 1, 2, 3, 4
        )

        select
            creator_id,
            activity_date,
            count(*) filter (where is_of_student) as active_count,
            count(video_id) as videos_watched, -- of a student's row it is null
            sum(seconds) filter (where is_of_student) as total_watch_time_seconds
        from (
            select
                touched.creator_id,
                touched.activity_date,
                touched.video_id,
                grouping(touched.video_id) = 1 as is_of_student,
                sum(touched.seconds) as seconds
            from touched
            join students
                on
                    students.creator_id = touched.creator_id
                    and students.id = touched.student_id
                    and students.deleted_at is null
            group by grouping sets (
                (touched.creator_id, touched.activity_date, touched.student_id),
                (touched.creator_id, touched.activity_date, touched.video_id)
            )
        ) as counted
        group by creator_id, activity_date
        """,
    ),
    "video_analytics": (
        "creator_id, video_id",
        f"""
        select
            videos.creator_id,
            videos.id as video_id,
            coalesce(added.viewers, 0) as unique_viewers,
            coalesce(added.views, 0) as total_views,
            added.mean_share as avg_watch_percentage,
            coalesce(added.completions, 0) as completions,
            100.0 * added.completions / added.viewers as completion_rate,
            coalesce(added.high, 0) as high_engagement_views,
            coalesce(added.low, 0) as low_engagement_views,
            added.mean_of_others as avg_drop_off_percentage,
            coalesce(added.seconds, 0) as total_watch_seconds,
            added.last_watched_at
        from videos
        left join (
            select
                creator_id,
                video_id,
                count(*) as viewers,
                sum(views) as views,
                avg(share) as mean_share,
                count(*) filter (where completed) as completions,
                count(*) filter (where share >= 75) as high,
                count(*) filter (where share < 25) as low,
                avg(share) filter (where not completed) as mean_of_others,
                sum(seconds) as seconds,
                max(last_watched) as last_watched_at
            from ({STARTED}) as started
            group by creator_id, video_id
        ) as added on added.creator_id = videos.creator_id and added.video_id = videos.id
        where videos.deleted_at is null
        """,
    ),
    "most_asked_questions": (
        "creator_id, question_key",
        f"""
        select
            creator_id,
            question_key,
            mode() within group (order by trim(content) collate "C") as question,
            count(*) as ask_count,
            count(distinct student_id) as unique_askers,
            count(*) filter (where is_answered) as answered_count,
            avg(rating) as avg_satisfaction,
            max(created_at) as last_asked_at
        from ({QUESTIONS}) as questions
        group by creator_id, question_key
        having count(distinct student_id) >= 2
        """,
    ),
    "student_engagement_tiers": (
        "creator_id, student_id",
        f"""
        select
            described.*,
            100.0 * described.videos_completed / nullif(published.published, 0) as progress_percent,
            case
                when silent_since < dashboard_now() - interval '14 days' then 'inactive'
                when silent_since < dashboard_now() - interval '7 days' then 'at_risk'
                when videos_watched < 3 and created_at < dashboard_now() - interval '7 days' then 'low_engagement'
                when videos_watched >= 10 and share_sum / nullif(shares, 0) >= 75 then 'highly_engaged'
                when videos_watched >= 5 then 'engaged'
                else 'moderate'
            end as engagement_tier
        from ({STUDENTS}) as described
        left join ({PUBLISHED}) as published on published.creator_id = described.creator_id
        """,
    ),
    "creator_analytics_cache": (
        "creator_id",
        f"""
        select
            creators.id as creator_id,
            coalesce(added.students, 0) as total_students,
            coalesce(published.videos, 0) as total_videos,
            coalesce(published.published, 0) as processed_videos,
            added.views as total_video_views,
            added.videos_watched,
            added.share_sum / nullif(added.shares, 0) as avg_watch_percentage,
            added.seconds as total_watch_seconds,
            added.chat_sessions as total_chat_sessions,
            added.chat_messages as total_chat_messages,
            added.questions_asked,
            added.questions_answered,
            added.rating_sum / nullif(added.ratings, 0) as satisfaction_rate,
            added.quiz_attempts as total_quiz_attempts,
            added.quizzes_passed,
            coalesce(added.active_7d, 0) as active_students_7d,
            coalesce(added.active_30d, 0) as active_students_30d
        from creators
        left join (
            select
                creator_id,
                count(*) as students,
                sum(views) as views,
                sum(videos_watched) as videos_watched,
                sum(share_sum) as share_sum,
                sum(shares) as shares,
                sum(watch_seconds) as seconds,
                sum(chat_sessions) as chat_sessions,
                sum(chat_messages) as chat_messages,
                sum(questions_asked) as questions_asked,
                sum(questions_answered) as questions_answered,
                sum(rating_sum) as rating_sum,
                sum(ratings) as ratings,
                sum(quiz_attempts) as quiz_attempts,
                sum(quizzes_passed) as quizzes_passed,
                count(*) filter (where last_active >= dashboard_now() - interval '7 days') as active_7d,
                count(*) filter (where last_active >= dashboard_now() - interval '30 days') as active_30d
            from {SCHEMA}.student_engagement_tiers
            group by creator_id
        ) as added on added.creator_id = creators.id
        left join ({PUBLISHED}) as published on published.creator_id = creators.id
        """,
    ),
}


def create_views() -> None:
    """Create and fill the five views, each with its unique index, in a schema of their own."""
    with owners_tx() as connection:
        connection.execute(text(f"create schema {SCHEMA}"))
        for name, (key, query) in VIEWS.items():
            connection.execute(text(f"create materialized view {SCHEMA}.{name} as {query}"))
            connection.execute(text(f"create unique index on {SCHEMA}.{name} ({key})"))
            connection.execute(text(f"analyze {SCHEMA}.{name}"))


def refresh_views() -> None:
    """Refresh the five, each in a separate transaction, as a schedule would."""
    for name in VIEWS:
        with owners_tx() as connection:
            connection.execute(text(f"refresh materialized view concurrently {SCHEMA}.{name}"))


@contextmanager
def owners_tx() -> Iterator[Connection]:
    """A transaction of the login role, which sees every creator."""
    with engine().begin() as connection:
        connection.execute(text(ROOM))
        if moment := fixed_now():
            connection.execute(text("select set_config('app.now', :moment, true)"), {"moment": moment.isoformat()})
        yield connection
