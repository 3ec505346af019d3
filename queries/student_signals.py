"""What stands out about one student: which signals hold, the worst first."""

from typing import Any
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.shown import SHOWN

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
SILENCES = """
    days_seen as (
        select
            student_days.creator_id,
            student_days.day,
            student_days.day - lag(student_days.day) over (order by student_days.day) as gap_days
        from shown
        join student_days
            on
                student_days.creator_id = shown.creator_id
                and student_days.generation = shown.generation
                and student_days.course = 0
                and student_days.run = 0
                and student_days.student_id = :student_id
                and student_days.first_at <= shown.instant
    ),

    gaps_compared as (
        select
            creator_id,
            day - gap_days as last_date,
            day as return_date,
            gap_days,
            (sum(gap_days) over () - gap_days)::numeric
            / nullif(count(gap_days) over () - 1, 0) as usual_gap_days
        from days_seen
    ),

    silences_found as (
        select *
        from gaps_compared
        where
            gap_days > :silence_days
            and gap_days > :silence_factor * usual_gap_days
    )
"""
SILENCE_BOUNDS: dict[str, Any] = {"silence_days": SILENCE_DAYS, "silence_factor": SILENCE_FACTOR}

SIGNALS = f"""
    -- One row per signal that holds, worst first.
    with {SHOWN},

    student_found as (
        select
            student_engagement_tiers.creator_id,
            student_engagement_tiers.last_active,
            student_engagement_tiers.is_finished,
            student_engagement_tiers.published_videos,
            extract(epoch from shown.instant - student_engagement_tiers.silent_since) / 86400 as silent_days,
            shown.today
        from shown
        join student_engagement_tiers on student_engagement_tiers.creator_id = shown.creator_id
        where
            student_engagement_tiers.creator_id = :creator_id
            and student_engagement_tiers.student_id = :student_id
    ),

    {SILENCES},

    rhythm_measured as (
        -- The usual gap between days with an activity, from three such days on.
        select
            cast(:creator_id as uuid) as creator_id,
            case when count(gap_days) >= 2 then avg(gap_days) end as usual_gap_days
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
        from shown
        join quiz_attempts
            on
                quiz_attempts.creator_id = shown.creator_id
                and quiz_attempts.student_id = :student_id
                and quiz_attempts.completed_at <= shown.instant
        join quizzes
            on
                quizzes.creator_id = quiz_attempts.creator_id
                and quizzes.id = quiz_attempts.quiz_id
    ),

    failures_counted as (
        select
            cast(:creator_id as uuid) as creator_id,
            coalesce(min(place) filter (where passed) - 1, count(*)) as failed_in_a_row,
            max(title) filter (where place = 1) as title,
            max(quiz_id::text) filter (where place = 1) as quiz_id,
            max(score_percent) filter (where place = 1) as score_percent
        from attempts_ranked
    ),

    published as (
        select
            creator_id,
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

    videos_started as (
        select
            watched_videos.creator_id,
            watched_videos.video_id,
            bool_or(watched_videos.is_completed) as is_completed,
            (
                array_agg(
                    coalesce(watched_videos.exit_second, upper(watched_videos.ranges))
                    order by watched_videos.edition desc
                )
            )[1] as furthest_second
        from shown
        join watched_videos
            on
                watched_videos.creator_id = shown.creator_id
                and watched_videos.generation = shown.generation
                and watched_videos.course = 0
                and watched_videos.run = 0
                and watched_videos.student_id = :student_id
                and watched_videos.first_at <= shown.instant
        group by
            watched_videos.creator_id,
            watched_videos.video_id
    ),

    furthest_started as (
        select
            published.*,
            videos_started.is_completed,
            videos_started.furthest_second
        from videos_started
        join published
            on
                published.creator_id = videos_started.creator_id
                and published.video_id = videos_started.video_id
        order by published.place desc
        limit 1
    ),

    questions_repeated as (
        select
            asked_questions.creator_id,
            (
                array_agg(
                    asked_questions.wording
                    order by asked_questions.asked_at desc, asked_questions.message_id asc
                )
            )[1] as question,
            count(*) as times,
            count(distinct asked_questions.session_id) as conversations,
            max(asked_questions.asked_at) as last_asked_at
        from shown
        join asked_questions
            on
                asked_questions.creator_id = shown.creator_id
                and asked_questions.generation = shown.generation
                and asked_questions.course = 0
                and asked_questions.run = 0
                and asked_questions.student_id = :student_id
                and asked_questions.asked_at <= shown.instant
        group by
            asked_questions.creator_id,
            asked_questions.question_key
        having
            count(*) >= :repetitions
            and count(distinct asked_questions.session_id) >= :conversations
        order by
            count(*) desc,
            max(asked_questions.asked_at) desc
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
        join rhythm_measured on rhythm_measured.creator_id = student_found.creator_id
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
        join failures_counted on failures_counted.creator_id = student_found.creator_id
        where failures_counted.failed_in_a_row >= :failures
        union all
        select
            'stuck', 4, student_found.silent_days, null, null, null,
            furthest_started.title, furthest_started.place,
            least(100.0 * furthest_started.furthest_second / nullif(furthest_started.duration_seconds, 0), 100),
            furthest_started.video_id, null
        from student_found
        join furthest_started on furthest_started.creator_id = student_found.creator_id
        where
            not furthest_started.is_completed
            and student_found.silent_days > :stuck_days
        union all
        select
            'repeating', 5, null, null, questions_repeated.times, questions_repeated.conversations,
            questions_repeated.question, null, null, null, null
        from student_found
        join questions_repeated on questions_repeated.creator_id = student_found.creator_id
        union all
        select
            'came_back', 6, student_found.today - returns_ranked.return_date, returns_ranked.usual_gap_days,
            returns_ranked.gap_days, null, null, null, null, null, null
        from student_found
        join (select * from silences_found order by return_date desc limit 1) as returns_ranked
            on returns_ranked.creator_id = student_found.creator_id
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
