"""Changes as users and platforms make them: upserts by the application, at most 1,000 rows a transaction."""

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import Connection, text

from database.tenancy import JOB_SECONDS, tenant_tx

ROWS_PER_STATEMENT = 1_000
ACTIVE = 500  # students who watch at the same time; larger sets use more of them

HAS_NATURAL_KEY = text(
    """
    select
        not exists (
            select
            from pg_attribute
            where
                attrelid = 'watch_segments'::regclass
                and attname = 'id'
                and not attisdropped
        )
    """
)
# Pairs of students and videos, from an offset on: all students with one video, then with the next.
PAIRS = """
    with students_there as (
        select
            creator_id,
            id,
            row_number() over (order by id) - 1 as place
        from students
        where
            creator_id = :creator_id
            and deleted_at is null
    ),

    videos_there as (
        select
            creator_id,
            id,
            row_number() over (order by id) - 1 as place
        from videos
        where
            creator_id = :creator_id
            and deleted_at is null
            and status = 'completed'
    ),

    pairs as (
        select
            students_there.creator_id,
            students_there.id as student_id,
            videos_there.id as video_id,
            number
        from generate_series(cast(:first as integer), cast(:first as integer) + :rows - 1) as number
        join students_there on students_there.place = number % :students
        join videos_there
            on
                videos_there.creator_id = students_there.creator_id
                and videos_there.place = (number / :students) % :videos
    )
"""
SEGMENTS = """
    insert into watch_segments (creator_id, student_id, video_id, start_second, end_second, watched_at)
    select
        creator_id,
        student_id,
        video_id,
        30 + number % 7,
        60,
        dashboard_now() - number % 3600 * interval '1 second'
    from pairs
"""
MERGED = """
    on conflict (creator_id, student_id, video_id, watched_at, start_second)
    do update set end_second = greatest(watch_segments.end_second, excluded.end_second)
"""
PROGRESS = """
    insert into video_progress (creator_id, student_id, video_id, first_watched, last_watched, watch_duration)
    select
        creator_id,
        student_id,
        video_id,
        min(dashboard_now() - number % 3600 * interval '1 second'),
        max(dashboard_now() - number % 3600 * interval '1 second'),
        60
    from pairs
    group by
        creator_id,
        student_id,
        video_id
    on conflict (creator_id, student_id, video_id) do update set
        last_watched = greatest(video_progress.last_watched, excluded.last_watched),
        watch_duration = video_progress.watch_duration + 30
"""
PAST = """
    with chosen as (
        select
            creator_id,
            student_id,
            video_id
        from video_progress
        where
            creator_id = :creator_id
            and last_watched < dashboard_now() - interval '3 days'
        order by
            student_id,
            video_id
        limit :rows
        offset :first
    )

    update video_progress set
        last_watched = greatest(video_progress.first_watched, video_progress.last_watched - interval '1 day'),
        watch_duration = coalesce(video_progress.watch_duration, 0) + 1
    from chosen
    where
        video_progress.creator_id = :creator_id
        and chosen.creator_id = video_progress.creator_id
        and chosen.student_id = video_progress.student_id
        and chosen.video_id = video_progress.video_id
"""
QUESTIONS = """
    with sessions as (
        select
            creator_id,
            id,
            student_id,
            row_number() over (order by id) - 1 as place,
            count(*) over () as known
        from chat_sessions
        where creator_id = :creator_id
    )

    insert into chat_messages (creator_id, session_id, student_id, role, content, created_at)
    select
        sessions.creator_id,
        sessions.id,
        sessions.student_id,
        'user',
        'How does number ' || number % 50 || ' work?',
        dashboard_now() - number % 3600 * interval '1 second'
    from generate_series(cast(:first as integer), cast(:first as integer) + :rows - 1) as number
    join sessions on sessions.place = number % sessions.known
"""
ATTEMPTS = """
    with quizzes_open as (
        select
            id,
            row_number() over (order by id) - 1 as place,
            count(*) over () as known
        from quizzes
        where
            creator_id = :creator_id
            and deleted_at is null
    ),

    students_there as (
        select
            id,
            row_number() over (order by id) - 1 as place,
            count(*) over () as known
        from students
        where
            creator_id = :creator_id
            and deleted_at is null
    )

    insert into quiz_attempts (creator_id, quiz_id, student_id, attempt_number, score_percent, passed, completed_at)
    select
        :creator_id,
        quizzes_open.id,
        students_there.id,
        1000 + number,
        60,
        true,
        dashboard_now() - number % 3600 * interval '1 second'
    from generate_series(cast(:first as integer), cast(:first as integer) + :rows - 1) as number
    join students_there on students_there.place = number % students_there.known
    join quizzes_open on quizzes_open.place = (number / students_there.known) % quizzes_open.known
"""
LEAVE = """
    update students set deleted_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = (
            select id
            from students
            where
                creator_id = :creator_id
                and deleted_at is null
            order by id
            limit 1
        )
"""
WITHDRAW = """
    update videos set deleted_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = (
            select video_id
            from video_progress
            where creator_id = :creator_id
            group by video_id
            order by
                count(*) desc,
                video_id asc
            limit 1
        )
"""
MOVE = """
    update creators
    set timezone = case timezone when 'Asia/Tokyo' then 'Europe/Berlin' else 'Asia/Tokyo' end
    where id = :creator_id
"""
COUNTS = text(
    """
    select
        (select count(*) from students where creator_id = :creator_id and deleted_at is null) as students,
        (
            select count(*)
            from videos
            where creator_id = :creator_id and deleted_at is null and status = 'completed'
        ) as videos
    """
)


@dataclass(frozen=True)
class Change:
    """A kind of change. `write` takes the creator, the number of rows and how many were written before."""

    name: str
    write: Callable[[UUID, int, int], int]
    is_single: bool = False
    is_of_everything: bool = False  # as large as the creator


def beats(creator_id: UUID, rows: int, before: int) -> int:
    """Segments and progress of today, by 500 students or more; a row here is a segment and its progress."""

    def write(connection: Connection, part: dict[str, object]) -> int:
        segments, _ = [connection.execute(text(PAIRS + one), part).rowcount for one in beat_statements(connection)]
        return int(segments)

    return _in_parts(creator_id, rows, before, write)


def beat_statements(connection: Connection) -> tuple[str, str]:
    """The upserts of a segment and of the progress, from the rows of `PAIRS`."""
    has_natural_key = connection.execute(HAS_NATURAL_KEY).scalar_one()
    return SEGMENTS + (MERGED if has_natural_key else ""), PROGRESS


def _in_parts(creator_id: UUID, rows: int, before: int, write: Callable[[Connection, dict[str, object]], int]) -> int:
    written = 0
    for first in range(before, before + rows, ROWS_PER_STATEMENT):
        with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
            counts = connection.execute(COUNTS, {"creator_id": creator_id}).one()
            part = {
                "creator_id": creator_id,
                "first": first,
                "rows": min(ROWS_PER_STATEMENT, before + rows - first),
                "students": min(counts.students, max(ACTIVE, rows // max(counts.videos, 1) + 1)),
                "videos": counts.videos,
            }
            written += write(connection, part)
    return written


def _by(statement: str) -> Callable[[UUID, int, int], int]:
    def write(creator_id: UUID, rows: int, before: int) -> int:
        return _in_parts(
            creator_id, rows, before, lambda connection, part: connection.execute(text(statement), part).rowcount
        )

    return write


CHANGES = (
    Change("beats of today", beats),
    Change("progress of the past", _by(PAST)),
    Change("questions", _by(QUESTIONS)),
    Change("quiz attempts", _by(ATTEMPTS)),
    Change("a student leaves", _by(LEAVE), is_single=True),
    Change("a video is withdrawn", _by(WITHDRAW), is_single=True),
    Change("another time zone", _by(MOVE), is_single=True, is_of_everything=True),
)
