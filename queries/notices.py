"""What asks for attention, for the notifications of the top bar."""

from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.shown import SHOWN
from queries.students import NEVER_SEEN, SEEN_AFTER_THE_CLOCK, students_seen

STRUGGLING_FROM_ATTEMPTS = 5
ISSUE_FROM_VIEWERS = 5
ISSUE_BELOW_PERCENT = 30

SILENT_SINCE_A_WEEK = """last_at between (select instant - interval '14 days' from shown)
                and (select instant - interval '7 days' from shown)"""

NOTICES = f"""
    -- One row per student newly at risk, struggling quiz and video with a content issue; by kind, most pressing first.
    with {SHOWN},

    students_seen as materialized ({
    students_seen(
        "student_id, name, silent_since, status, is_finished", SILENT_SINCE_A_WEEK, NEVER_SEEN, SEEN_AFTER_THE_CLOCK
    )
}
    ),

    students_newly_at_risk as (
        -- Silent for over 7 days since at most 7 days: the status at-risk.
        select
            'at_risk' as kind,
            'at_risk:' || student_id || ':' || extract(epoch from silent_since)::bigint as notice_key,
            student_id as subject_id,
            name as subject,
            extract(epoch from (select dashboard_now()) - silent_since)::double precision / 86400 as figure,
            null::bigint as people
        from students_seen
        where
            status = 'at-risk'
            and not is_finished
    ),

    quizzes_struggled_with as (
        select
            'quiz' as kind,
            'quiz:' || quizzes.id as notice_key,
            quizzes.id as subject_id,
            quizzes.title as subject,
            100.0::double precision * (quiz_totals.attempts - quiz_totals.passed) / quiz_totals.attempts as figure,
            quiz_totals.attempts::bigint as people
        from shown
        join quiz_totals
            on
                quiz_totals.creator_id = shown.creator_id
                and quiz_totals.generation = shown.generation
                and quiz_totals.course = 0
                and quiz_totals.run = 0
        join quizzes
            on
                quizzes.creator_id = quiz_totals.creator_id
                and quizzes.id = quiz_totals.quiz_id
        where
            quizzes.deleted_at is null
            and quizzes.status = 'published'
            and quiz_totals.attempts >= :enough_attempts
            and 2 * (quiz_totals.attempts - quiz_totals.passed) > quiz_totals.attempts
    ),

    videos_with_issues as (
        select
            'video' as kind,
            'video:' || videos.id as notice_key,
            videos.id as subject_id,
            videos.title as subject,
            video_analytics.completion_rate::double precision as figure,
            video_analytics.unique_viewers::bigint as people
        from video_analytics
        join videos
            on videos.creator_id = video_analytics.creator_id
            and videos.id = video_analytics.video_id
        where
            video_analytics.creator_id = :creator_id
            and videos.deleted_at is null
            and videos.status = 'completed'
            and video_analytics.unique_viewers >= :enough_viewers
            and video_analytics.completion_rate < :low_percent
    )

    select * from (
        select * from students_newly_at_risk
        union all
        select * from quizzes_struggled_with
        union all
        select * from videos_with_issues
    ) as notices
    order by
        kind,
        case kind when 'quiz' then -figure else figure end,
        subject_id
"""

EXPORT_NOTICES = """
    -- One row per export that ended in the last 7 days, newest first.
    select
        'export:' || id || ':' || status as notice_key,
        export_type,
        format,
        status,
        coalesce(error_message, '') as error_message
    from export_logs
    where
        creator_id = :creator_id
        and status in ('completed', 'failed')
        and coalesce(completed_at, created_at) >= dashboard_now() - interval '7 days'
    order by
        coalesce(completed_at, created_at) desc,
        id asc
"""

SEEN = "select notice_key from seen_notices where creator_id = :creator_id and account_id = :account_id"


@cached_query
def notices(creator_id: UUID) -> pd.DataFrame:
    """Students who became at risk in the last 7 days, struggling quizzes, videos that few complete.

    One row per notice, by kind, most pressing first: kind (at_risk, quiz, video), notice_key (another
    one when a student falls silent again), subject_id, subject (a name or title), figure (days of
    silence; failed or completed percent), people (attempts; viewers; NaN for a student).
    """
    return frame(
        creator_id,
        NOTICES,
        enough_attempts=STRUGGLING_FROM_ATTEMPTS,
        enough_viewers=ISSUE_FROM_VIEWERS,
        low_percent=ISSUE_BELOW_PERCENT,
    )


def export_notices(creator_id: UUID) -> pd.DataFrame:
    """Exports that were completed or failed in the last 7 days, newest first, from export_logs; never remembered.

    One row per export: notice_key, export_type, format, status, error_message (may be empty).
    """
    return frame(creator_id, EXPORT_NOTICES)


def seen_notice_keys(creator_id: UUID, account_id: UUID) -> frozenset[str]:
    """What this account marked as seen; never remembered, so that the mark shows at once."""
    return frozenset(frame(creator_id, SEEN, account_id=account_id)["notice_key"])
