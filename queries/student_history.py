"""What one student did: the course so far, what was watched, and everything in time."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.student_signals import SILENCE_BOUNDS, SILENCES

WATCHED_SHOWN = 8  # videos to a page
EVENTS_SHOWN = 20  # events to a page

# An id that is unknown, deleted or another creator's finds nobody, and so nothing.
STUDENT_FOUND = """
    student_found as (
        select
            students.id as student_id,
            students.created_at,
            creators.timezone
        from students
        join creators on creators.id = students.creator_id
        where
            students.creator_id = :creator_id
            and students.id = :student_id
            and students.deleted_at is null
    )
"""

PLAYED = """
    played as (
        -- Per video, the furthest second and when it was first reached.
        select distinct on (video_id)
            video_id,
            end_second as furthest_second,
            watched_at as reached_at
        from watch_segments
        where
            creator_id = :creator_id
            and student_id = :student_id
        order by
            video_id asc,
            end_second desc,
            watched_at asc
    )
"""

# Where they stopped: nowhere, in a video that they completed or played to its end.
STOPPED_AT = """
            case
                when started_videos.completed or played.furthest_second >= videos.duration_seconds then null
                when started_videos.video_id is not null then played.furthest_second
            end
"""

COURSE = f"""
    -- One row per published video, in the order of the course.
    with {STUDENT_FOUND},

    {PLAYED}

    select
        videos.id as video_id,
        videos.title,
        videos.duration_seconds,
        row_number() over (order by videos.position, videos.created_at, videos.id) as place,
        case
            when started_videos.completed then 'completed'
            when started_videos.video_id is not null then 'started'
            else 'not_started'
        end as state,
        started_videos.last_watched,
        {STOPPED_AT} as stopped_at_second
    from student_found
    join videos
        on videos.creator_id = :creator_id
        and videos.status = 'completed'
        and videos.deleted_at is null
    left join started_videos
        on started_videos.creator_id = :creator_id
        and started_videos.student_id = student_found.student_id
        and started_videos.video_id = videos.id
    left join played on played.video_id = videos.id
    order by place
"""

WATCH_HISTORY = f"""
    -- One row per started video of the page asked for, newest first, each with the number of all.
    with {PLAYED}

    select
        count(*) over () as total,
        videos.id as video_id,
        videos.title,
        videos.duration_seconds,
        started_videos.first_watched,
        started_videos.last_watched,
        started_videos.completed,
        video_progress.watch_percentage as watched_percent,
        played.furthest_second,
        {STOPPED_AT} as stopped_at_second
    from started_videos
    join videos
        on videos.creator_id = started_videos.creator_id
        and videos.id = started_videos.video_id
    join video_progress
        on video_progress.creator_id = started_videos.creator_id
        and video_progress.student_id = started_videos.student_id
        and video_progress.video_id = started_videos.video_id
    left join played on played.video_id = videos.id
    where
        started_videos.creator_id = :creator_id
        and started_videos.student_id = :student_id
    order by
        started_videos.last_watched desc,
        videos.id asc
    limit :limit
    offset :offset
"""

WATCHED_RANGES = f"""
    -- One row per video and stretch of seconds that were played equally often.
    with {STUDENT_FOUND},

    edges as (
        select
            video_id,
            unnest(array[start_second, end_second]) as second,
            unnest(array[1, -1]) as change
        from watch_segments
        join student_found on student_found.student_id = watch_segments.student_id
        where
            creator_id = :creator_id
            and video_id = any(cast(:video_ids as uuid[]))
    ),

    counts_changed as (
        -- Where as many plays end as begin nothing changes: the two stretches are one.
        select
            video_id,
            second,
            sum(change) as change
        from edges
        group by
            video_id,
            second
        having sum(change) <> 0
    ),

    stretches as (
        select
            video_id,
            second as start_second,
            lead(second) over in_order as end_second,
            sum(change) over in_order as plays
        from counts_changed
        window in_order as (partition by video_id order by second)
    )

    select
        video_id,
        start_second,
        end_second,
        plays::integer as plays
    from stretches
    where plays > 0
    order by
        video_id,
        start_second
"""

TIMELINE = f"""
    -- One row per event of the page asked for, newest first, each with the number of all.
    with {STUDENT_FOUND},

    {PLAYED},

    {SILENCES},

    started as (
        select
            started_videos.*,
            videos.title,
            played.reached_at
        from started_videos
        join videos
            on videos.creator_id = started_videos.creator_id
            and videos.id = started_videos.video_id
        left join played on played.video_id = started_videos.video_id
        where
            started_videos.creator_id = :creator_id
            and started_videos.student_id = :student_id
    ),

    events (occurred_at, step, kind, subject, video_id, quiz_id, days, score_percent, attempt_number) as (
        select
            created_at, 0, 'enrolled', null::text, null::uuid, null::uuid,
            null::numeric, null::numeric, null::integer
        from student_found
        union all
        (
            select first_watched, 2, 'first_video', title, video_id, null, null, null, null
            from started
            order by
                first_watched,
                video_id
            limit 1
        )
        union all
        select coalesce(reached_at, last_watched), 3, 'completed', title, video_id, null, null, null, null
        from started
        where completed
        union all
        select
            quiz_attempts.completed_at, 4, case when quiz_attempts.passed then 'passed' else 'failed' end,
            quizzes.title, null, case when quizzes.deleted_at is null then quizzes.id end,
            null, quiz_attempts.score_percent, quiz_attempts.attempt_number
        from quiz_attempts
        join quizzes
            on quizzes.creator_id = quiz_attempts.creator_id
            and quizzes.id = quiz_attempts.quiz_id
        where
            quiz_attempts.creator_id = :creator_id
            and quiz_attempts.student_id = :student_id
        union all
        select created_at, 5, 'asked', trim(content), video_id, null, null, null, null
        from questions_asked
        where
            creator_id = :creator_id
            and student_id = :student_id
        union all
        -- A silence begins when its last day is over, and ends as the day of the return begins.
        select
            (silences_found.last_date + 1)::timestamp at time zone student_found.timezone - interval '1 second',
            6, 'silence', null, null, null, silences_found.gap_days, null, null
        from silences_found
        cross join student_found
        union all
        select
            silences_found.return_date::timestamp at time zone student_found.timezone,
            1, 'came_back', null, null, null, silences_found.gap_days, null, null
        from silences_found
        cross join student_found
    )

    select
        count(*) over () as total,
        events.occurred_at,
        events.kind,
        events.subject,
        events.video_id,
        events.quiz_id,
        events.days,
        events.score_percent,
        events.attempt_number
    from student_found
    cross join events
    order by
        events.occurred_at desc,
        events.step desc,
        events.subject asc,
        events.video_id asc,
        events.attempt_number desc
    limit :limit
    offset :offset
"""


@dataclass(frozen=True)
class Page:
    """Some rows of a longer list, in order, and how many the list has."""

    rows: pd.DataFrame
    total: int


@cached_query
def course_progress(creator_id: UUID, student_id: UUID) -> pd.DataFrame:
    """How far the student is in the course: every published video, in order.

    One row per video: video_id, title, duration_seconds (NaN: unknown), place (from 1), state
    (completed, started, not_started), last_watched, stopped_at_second (the furthest second played,
    for a video that was neither completed nor played to its end; NaN: no playback).
    """
    return frame(creator_id, COURSE, dates=["last_watched"], student_id=student_id)


@cached_query
def watch_history(creator_id: UUID, student_id: UUID, offset: int = 0, limit: int = WATCHED_SHOWN) -> Page:
    """The videos that the student started and that are not deleted, last watched first.

    One row per video: video_id, title, duration_seconds, first_watched, last_watched, completed,
    watched_percent (as the platform tells it; NaN: it does not), furthest_second (NaN: no playback),
    stopped_at_second as in `course_progress`.
    """
    return _page(creator_id, WATCH_HISTORY, ["first_watched", "last_watched"], student_id, offset, limit)


@cached_query
def watched_ranges(creator_id: UUID, student_id: UUID, video_ids: tuple[UUID, ...]) -> pd.DataFrame:
    """Which seconds of these videos the student played, and how often.

    One row per stretch, by video and second: video_id, start_second, end_second (not included),
    plays (1 or more). Stretches of one video do not overlap; neighbours differ in plays.
    """
    return frame(creator_id, WATCHED_RANGES, student_id=student_id, video_ids=[str(each) for each in video_ids])


@cached_query
def timeline(creator_id: UUID, student_id: UUID, offset: int = 0, limit: int = EVENTS_SHOWN) -> Page:
    """What happened, newest first.

    One row per event: occurred_at, kind (enrolled, first_video, completed, passed, failed, asked,
    silence, came_back), subject (a title, a question), video_id, quiz_id, days (of a silence),
    score_percent, attempt_number. A video counts as completed when its furthest second was first
    played or, without playback, when it was last watched.
    """
    return _page(creator_id, TIMELINE, ["occurred_at"], student_id, offset, limit, **SILENCE_BOUNDS)


def _page(
    creator_id: UUID, statement: str, dates: list[str], student_id: UUID, offset: int, limit: int, **bounds: object
) -> Page:
    def rows_from(first: int) -> pd.DataFrame:
        return frame(creator_id, statement, dates=dates, student_id=student_id, limit=limit, offset=first, **bounds)

    rows = rows_from(offset)
    if rows.empty and offset:
        rows = rows_from(0)
    total = 0 if rows.empty else int(rows["total"].iloc[0])
    return Page(rows=rows.drop(columns="total"), total=total)
