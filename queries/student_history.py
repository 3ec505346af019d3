"""What one student did: the course so far, what was watched, and everything in time."""

from dataclasses import dataclass
from uuid import UUID

import pandas as pd

from database.frames import frame
from queries.caching import cached_query
from queries.shown import SHOWN
from queries.student_signals import SILENCE_BOUNDS, SILENCES

WATCHED_SHOWN = 8  # videos to a page
EVENTS_SHOWN = 20  # events to a page

# An id that is unknown, deleted or another creator's finds nobody, and so nothing.
STUDENT_FOUND = """
    student_found as (
        select
            students.creator_id,
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

# What the student watched, of every file that a video ever had together; how far, of the file that students see now.
STARTED = f"""
    {SHOWN},

    editions_in_force as (
        select
            video_editions.creator_id,
            video_editions.video_id,
            max(video_editions.edition) as edition
        from shown
        join video_editions
            on
                video_editions.creator_id = shown.creator_id
                and video_editions.began_at <= shown.instant
        group by
            video_editions.creator_id,
            video_editions.video_id
    ),

    started as (
        select
            watched_videos.creator_id,
            watched_videos.student_id,
            watched_videos.video_id,
            min(watched_videos.first_at) as first_watched,
            least(max(watched_videos.last_at), shown.instant) as last_watched,
            bool_or(watched_videos.is_completed) as is_completed,
            coalesce(max(editions_in_force.edition), 1) as edition, -- the one in force
            max(upper(watched_videos.ranges)) filter (
                where watched_videos.edition = coalesce(editions_in_force.edition, 1)
            ) as furthest_second,
            max(watched_videos.exit_second) filter (
                where watched_videos.edition = coalesce(editions_in_force.edition, 1)
            ) as exit_second
        from shown
        join watched_videos
            on
                watched_videos.creator_id = shown.creator_id
                and watched_videos.generation = shown.generation
                and watched_videos.course = 0
                and watched_videos.run = 0
                and watched_videos.student_id = :student_id
                and watched_videos.first_at <= shown.instant
        left join editions_in_force
            on
                editions_in_force.creator_id = watched_videos.creator_id
                and editions_in_force.video_id = watched_videos.video_id
        group by
            watched_videos.creator_id,
            watched_videos.student_id,
            watched_videos.video_id,
            shown.instant
    )
"""

# Where they stopped: nowhere, in a video that they completed. In one whose length nobody told, the furthest second.
STOPPED_AT = """
            case
                when not started.is_completed
                    then coalesce(
                        started.exit_second,
                        case when coalesce(videos.duration_seconds, 0) = 0 then started.furthest_second end
                    )
            end
"""

COURSE = f"""
    -- One row per published video, in the order of the course.
    with {STUDENT_FOUND},

    {STARTED}

    select
        videos.id as video_id,
        videos.title,
        videos.duration_seconds,
        row_number() over (order by videos.position, videos.created_at, videos.id) as place,
        case
            when started.is_completed then 'completed'
            when started.video_id is not null then 'started'
            else 'not_started'
        end as state,
        started.last_watched,
        {STOPPED_AT} as stopped_at_second
    from student_found
    join videos
        on videos.creator_id = student_found.creator_id
        and videos.status = 'completed'
        and videos.deleted_at is null
    left join started
        on started.creator_id = videos.creator_id
        and started.video_id = videos.id
    order by place
"""

WATCH_HISTORY = f"""
    -- One row per started video of the page asked for, newest first, each with the number of all.
    with {STUDENT_FOUND},

    {STARTED},

    page_chosen as (
        select
            count(*) over () as total,
            started.*,
            videos.title,
            videos.duration_seconds,
            {STOPPED_AT} as stopped_at_second
        from student_found
        join started on started.creator_id = student_found.creator_id
        join videos
            on videos.creator_id = started.creator_id
            and videos.id = started.video_id
        where videos.deleted_at is null
        order by
            started.last_watched desc,
            videos.id asc
        limit :limit
        offset :offset
    )

    select
        page_chosen.total,
        page_chosen.video_id,
        page_chosen.title,
        page_chosen.duration_seconds,
        page_chosen.first_watched,
        page_chosen.last_watched,
        page_chosen.is_completed as completed,
        video_progress.watch_percentage as watched_percent,
        page_chosen.furthest_second,
        page_chosen.stopped_at_second
    from page_chosen
    left join video_progress
        on video_progress.creator_id = page_chosen.creator_id
        and video_progress.student_id = page_chosen.student_id
        and video_progress.video_id = page_chosen.video_id
    order by
        page_chosen.last_watched desc,
        page_chosen.video_id asc
"""

WATCHED_RANGES = f"""
    -- One row per video and stretch of seconds that were played equally often.
    with {STUDENT_FOUND},

    {STARTED},

    counts_changed as (
        select
            watched_videos.video_id,
            changes.second,
            changes.change
        from student_found
        join started on started.creator_id = student_found.creator_id
        join shown on shown.creator_id = started.creator_id
        join watched_videos
            on
                watched_videos.creator_id = shown.creator_id
                and watched_videos.generation = shown.generation
                and watched_videos.course = 0
                and watched_videos.run = 0
                and watched_videos.student_id = started.student_id
                and watched_videos.video_id = started.video_id
                and watched_videos.edition = started.edition
        cross join lateral unnest(watched_videos.play_seconds, watched_videos.play_changes) as changes (second, change)
        where started.video_id = any(cast(:video_ids as uuid[]))
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

    {STARTED},

    {SILENCES},

    started_titled as (
        select
            started.*,
            videos.title
        from started
        join videos
            on videos.creator_id = started.creator_id
            and videos.id = started.video_id
        where videos.deleted_at is null
    ),

    ends_reached as (
        -- Per completed video, when its furthest second was first played.
        select distinct on (watch_segments.video_id)
            watch_segments.creator_id,
            watch_segments.video_id,
            watch_segments.watched_at as reached_at
        from started_titled
        join watch_segments
            on watch_segments.creator_id = started_titled.creator_id
            and watch_segments.student_id = started_titled.student_id
            and watch_segments.video_id = started_titled.video_id
            and watch_segments.watched_at <= started_titled.last_watched
        where started_titled.is_completed
        order by
            watch_segments.video_id asc,
            watch_segments.end_second desc,
            watch_segments.watched_at asc
    ),

    events (occurred_at, step, kind, subject, video_id, quiz_id, days, score_percent, attempt_number) as (
        select
            created_at, 0, 'enrolled', null::text, null::uuid, null::uuid,
            null::numeric, null::numeric, null::integer
        from student_found
        union all
        (
            select first_watched, 2, 'first_video', title, video_id, null, null, null, null
            from started_titled
            order by
                first_watched,
                video_id
            limit 1
        )
        union all
        select
            coalesce(ends_reached.reached_at, started_titled.last_watched), 3, 'completed',
            started_titled.title, started_titled.video_id, null, null, null, null
        from started_titled
        left join ends_reached
            on ends_reached.creator_id = started_titled.creator_id
            and ends_reached.video_id = started_titled.video_id
        where started_titled.is_completed
        union all
        select
            quiz_attempts.completed_at, 4, case when quiz_attempts.passed then 'passed' else 'failed' end,
            quizzes.title, null, case when quizzes.deleted_at is null then quizzes.id end,
            null, quiz_attempts.score_percent, quiz_attempts.attempt_number
        from shown
        join quiz_attempts
            on quiz_attempts.creator_id = shown.creator_id
            and quiz_attempts.student_id = :student_id
            and quiz_attempts.completed_at <= shown.instant
        join quizzes
            on quizzes.creator_id = quiz_attempts.creator_id
            and quizzes.id = quiz_attempts.quiz_id
        union all
        select
            asked_questions.asked_at, 5, 'asked', asked_questions.wording, asked_questions.video_id, null,
            null, null, null
        from shown
        join asked_questions
            on asked_questions.creator_id = shown.creator_id
            and asked_questions.generation = shown.generation
            and asked_questions.course = 0
            and asked_questions.run = 0
            and asked_questions.student_id = :student_id
            and asked_questions.asked_at <= shown.instant
        union all
        -- A silence begins when its last day is over, and ends as the day of the return begins.
        select
            (silences_found.last_date + 1)::timestamp at time zone shown.timezone - interval '1 second',
            6, 'silence', null, null, null, silences_found.gap_days, null, null
        from silences_found
        join shown on shown.creator_id = silences_found.creator_id
        union all
        select
            silences_found.return_date::timestamp at time zone shown.timezone,
            1, 'came_back', null, null, null, silences_found.gap_days, null, null
        from silences_found
        join shown on shown.creator_id = silences_found.creator_id
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
    from events
    where exists (select from student_found)
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
    (completed, started, not_started), last_watched, stopped_at_second (where the last stretch ends that was
    played before the credits, for a video that was not completed; NaN: none, or nobody can tell).
    """
    return frame(creator_id, COURSE, dates=["last_watched"], student_id=student_id)


@cached_query
def watch_history(creator_id: UUID, student_id: UUID, offset: int = 0, limit: int = WATCHED_SHOWN) -> Page:
    """The videos that the student started and that are not deleted, last watched first.

    One row per video: video_id, title, duration_seconds, first_watched, last_watched, completed,
    watched_percent (as the platform tells it; NaN: it does not), furthest_second (of the file in force; NaN: no
    playback),
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
