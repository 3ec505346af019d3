"""What stands out about one student: which signals hold, the worst first."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query

SILENT_DAYS = 7  # silent for longer: the tier At risk
STUCK_DAYS = 3
SILENCE_DAYS = 3  # a shorter gap is a weekend, not a silence
SILENCE_FACTOR = 2  # times the usual gap
LONG_SILENCE_DAYS = 14
BACK_WITHIN_DAYS = 14
FAILURES = 3
REPETITIONS, CONVERSATIONS = 3, 2
REPEATED_SHOWN = 3

# A silence is never measured against itself: its usual gap is the mean of the student's other gaps.
SILENCES_FOUND = """
    days_seen as (
        select
            student_id,
            activity_date,
            activity_date - lag(activity_date) over (partition by student_id order by activity_date) as gap_days
        from daily_student_activity
        where
            creator_id = :creator_id
            and {of_whom}
    ),

    gaps_compared as (
        select
            student_id,
            activity_date - gap_days as last_date,
            activity_date as return_date,
            gap_days,
            (sum(gap_days) over student - gap_days)::numeric
            / nullif(count(gap_days) over student - 1, 0) as usual_gap_days
        from days_seen
        window student as (partition by student_id)
    ),

    silences_found as (
        select *
        from gaps_compared
        where
            gap_days > :silence_days
            and gap_days > :silence_factor * usual_gap_days
    )
"""
SILENCES = SILENCES_FOUND.format(of_whom="student_id = :student_id")
SILENCE_BOUNDS: dict[str, Any] = {"silence_days": SILENCE_DAYS, "silence_factor": SILENCE_FACTOR}

SIGNALS = f"""
    -- One row per signal that holds, worst first.
    with student_found as (
        select
            last_active,
            is_finished,
            published_videos,
            extract(epoch from dashboard_now() - silent_since) / 86400 as silent_days,
            (dashboard_now() at time zone creators.timezone)::date as today
        from student_engagement_tiers
        join creators on creators.id = student_engagement_tiers.creator_id
        where
            student_engagement_tiers.creator_id = :creator_id
            and student_engagement_tiers.student_id = :student_id
    ),

    {SILENCES},

    rhythm_measured as (
        -- The usual gap between days with a sign of life, from three such days on.
        select case when count(gap_days) >= 2 then avg(gap_days) end as usual_gap_days
        from days_seen
    ),

    attempts_ranked as (
        select
            quiz_attempts.passed,
            quiz_attempts.score_percent,
            quizzes.title,
            case when quizzes.deleted_at is null then quizzes.id end as quiz_id,
            row_number() over (
                order by
                    quiz_attempts.completed_at desc,
                    quiz_attempts.attempt_number desc,
                    quiz_attempts.id asc
            ) as place
        from quiz_attempts
        join quizzes
            on quizzes.creator_id = quiz_attempts.creator_id
            and quizzes.id = quiz_attempts.quiz_id
        where
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.student_id = :student_id
    ),

    failures_counted as (
        select
            coalesce(min(place) filter (where passed) - 1, count(*)) as failed_in_a_row,
            max(title) filter (where place = 1) as title,
            max(quiz_id::text) filter (where place = 1) as quiz_id,
            max(score_percent) filter (where place = 1) as score_percent
        from attempts_ranked
    ),

    published as (
        select
            id as video_id,
            title,
            duration_seconds,
            row_number() over (order by position, created_at, id) as place
        from videos
        where
            creator_id = :creator_id
            and status = 'completed'
            and deleted_at is null
    ),

    furthest_started as (
        select
            published.*,
            started_videos.completed,
            (
                select max(watch_segments.end_second)
                from watch_segments
                where
                    watch_segments.creator_id = :creator_id
                    and watch_segments.student_id = :student_id
                    and watch_segments.video_id = published.video_id
            ) as furthest_second
        from started_videos
        join published on published.video_id = started_videos.video_id
        where
            started_videos.creator_id = :creator_id
            and started_videos.student_id = :student_id
        order by published.place desc
        limit 1
    ),

    questions_repeated as (
        select
            (array_agg(trim(content) order by created_at desc, id asc))[1] as question,
            count(*) as times,
            count(distinct session_id) as conversations,
            max(created_at) as last_asked_at
        from questions_asked
        where
            creator_id = :creator_id
            and student_id = :student_id
        group by question_key
        having
            count(*) >= :repetitions
            and count(distinct session_id) >= :conversations
        order by
            count(*) desc,
            max(created_at) desc
        limit :repeated_shown
    ),

    signals_found (
        kind, severity, days, usual_gap_days, times, conversations, subject, place, percent, video_id, quiz_id
    ) as (
        select
            'never_started', 1, silent_days, null::numeric, null::bigint, null::bigint,
            null::text, null::bigint, null::numeric, null::uuid, null::uuid
        from student_found
        where last_active is null
        union all
        select
            'silent', 2, student_found.silent_days, rhythm_measured.usual_gap_days, null, null,
            null, null, null, null, null
        from student_found
        cross join rhythm_measured
        where
            student_found.last_active is not null
            and not student_found.is_finished
            and (
                student_found.silent_days > :silent_days
                or (
                    student_found.silent_days > :silence_days
                    and student_found.silent_days > :silence_factor * rhythm_measured.usual_gap_days
                )
            )
        union all
        select
            'failing', 3, null, null, failures_counted.failed_in_a_row, null,
            failures_counted.title, null, failures_counted.score_percent, null, failures_counted.quiz_id::uuid
        from student_found
        cross join failures_counted
        where failures_counted.failed_in_a_row >= :failures
        union all
        select
            'stuck', 4, student_found.silent_days, null, null, null,
            furthest_started.title, furthest_started.place,
            least(100.0 * furthest_started.furthest_second / nullif(furthest_started.duration_seconds, 0), 100),
            furthest_started.video_id, null
        from student_found
        cross join furthest_started
        where
            not furthest_started.completed
            and student_found.silent_days > :stuck_days
        union all
        select
            'repeating', 5, null, null, questions_repeated.times, questions_repeated.conversations,
            questions_repeated.question, null, null, null, null
        from student_found
        cross join questions_repeated
        union all
        select
            'came_back', 6, student_found.today - returns_ranked.return_date, returns_ranked.usual_gap_days,
            returns_ranked.gap_days, null, null, null, null, null, null
        from student_found
        cross join (select * from silences_found order by return_date desc limit 1) as returns_ranked
        where
            returns_ranked.gap_days > :long_silence_days
            and student_found.today - returns_ranked.return_date between 0 and :back_within_days
            and student_found.silent_days <= :silent_days
        union all
        select
            'finished', 7, student_found.silent_days, null, student_found.published_videos, null,
            null, null, null, null, null
        from student_found
        where student_found.is_finished
    )

    select
        kind,
        days,
        usual_gap_days,
        times,
        conversations,
        subject,
        place,
        percent,
        video_id,
        quiz_id
    from signals_found
    order by
        severity asc,
        times desc,
        subject asc
"""


@cached_query
def student_signals(creator_id: UUID, student_id: UUID) -> pd.DataFrame:
    """The signals that hold for a student now, worst first; none for an id that is not the creator's.

    One row per signal: kind (never_started, silent, failing, stuck, repeating, came_back, finished),
    days (of silence; came_back: since the return), usual_gap_days (NaN: too few days to tell), times
    (failed in a row; asked; came_back: days of the silence; finished: videos), conversations, subject
    (the quiz's or video's title, the question), place (of the video in the course, from 1), percent
    (the last score; how far the video was played), video_id, quiz_id (None: deleted).
    `queries.reasons.signal_in_words` words them.
    """
    return frame(
        creator_id,
        SIGNALS,
        student_id=student_id,
        silent_days=SILENT_DAYS,
        stuck_days=STUCK_DAYS,
        long_silence_days=LONG_SILENCE_DAYS,
        back_within_days=BACK_WITHIN_DAYS,
        failures=FAILURES,
        repetitions=REPETITIONS,
        conversations=CONVERSATIONS,
        repeated_shown=REPEATED_SHOWN,
        **SILENCE_BOUNDS,
    )
