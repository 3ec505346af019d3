"""What a refresh reads after a small change does not grow with the creator."""

from dataclasses import dataclass
from uuid import UUID

import pytest
from sqlalchemy import URL, text

from benchmarks.sizes import copied
from database.demo import DemoSize, load_demo
from database.engine import engine
from database.migrate import migrate
from database.refresh import rebuild, refresh
from database.statistics import measure
from database.tenancy import tenant_tx
from tests.database.reads import read_by_a_portion

FEW, MANY = 60, 900
OF_THE_CALENDAR = {"days_pkey"}  # a portion checks all days of a creator for those that it emptied
CHANGES = {
    "a beat": """
        insert into watch_segments (creator_id, student_id, video_id, start_second, end_second, watched_at)
        select creator_id, student_id, video_id, 3, 17, dashboard_now() - interval '1 minute' from pair;
        update video_progress
        set last_watched = dashboard_now() - interval '1 minute', watch_duration = coalesce(watch_duration, 0) + 14
        where (creator_id, student_id, video_id) in (select creator_id, student_id, video_id from pair)
    """,
    "progress of the past": """
        update video_progress set watch_duration = coalesce(watch_duration, 0) + 1
        where (creator_id, student_id, video_id) in (select creator_id, student_id, video_id from pair)
    """,
    "a segment goes": """
        delete from watch_segments
        where
            (creator_id, student_id, video_id) in (select creator_id, student_id, video_id from pair)
            and start_second = 3
    """,
    "an event": """
        insert into activity_events (creator_id, student_id, video_id, kind, occurred_at)
        select creator_id, student_id, video_id, 'login', dashboard_now() - interval '2 minutes' from pair
    """,
    "a question": """
        insert into chat_messages (creator_id, session_id, student_id, role, content, created_at)
        select
            chat_sessions.creator_id, chat_sessions.id, pair.student_id, 'user', 'Why does it stop?',
            dashboard_now() - interval '3 minutes'
        from pair
        join chat_sessions
            on chat_sessions.creator_id = pair.creator_id and chat_sessions.student_id = pair.student_id
        order by chat_sessions.id
        limit 1
    """,
    "an attempt": """
        insert into quiz_attempts
            (creator_id, quiz_id, student_id, attempt_number, score_percent, passed, completed_at)
        select creator_id, quiz_id, student_id, 500, 60, true, dashboard_now() - interval '4 minutes'
        from first_attempt
    """,
    "a verdict": """
        update quiz_answers set is_correct = not is_correct
        where
            creator_id = (select creator_id from first_attempt)
            and attempt_id = (select id from first_attempt)
    """,
    "a student arrives": """
        insert into students (creator_id, id, name, email, created_at)
        select creator_id, gen_random_uuid(), 'New', 'new@example.com', dashboard_now() - interval '1 hour'
        from pair
    """,
    "a video arrives": """
        insert into videos (creator_id, id, title, status, duration_seconds)
        select creator_id, gen_random_uuid(), 'New', 'completed', 60 from pair
    """,
    "a student leaves": """
        update students set deleted_at = dashboard_now()
        where (creator_id, id) in (select creator_id, student_id from pair)
    """,
}
# The same student in both, since one creator is a copy of the other.
SOMEBODY = text(
    """
    create temporary table pair on commit drop as
    select creator_id, student_id, video_id
    from video_progress
    where creator_id = :creator_id and student_id = :student_id
    order by video_id
    limit 1;
    create temporary table first_attempt on commit drop as
    select *
    from quiz_attempts
    where creator_id = :creator_id and student_id = :student_id and attempt_number = 1
    order by quiz_id
    limit 1
    """
)
WHO = text(
    """
    -- Students who did a bit of everything, among those of both.
    select students.id
    from students
    where
        students.creator_id = :creator_id
        and students.deleted_at is null
        and exists (
            select from chat_sessions
            where chat_sessions.creator_id = students.creator_id and chat_sessions.student_id = students.id
        )
        and exists (
            select from quiz_attempts
            where quiz_attempts.creator_id = students.creator_id and quiz_attempts.student_id = students.id
        )
    order by students.id
    limit 1
    """
)
SILENT = text(
    """
    -- Students who did nothing, but are read by whatever reads everybody.
    insert into students (creator_id, name, created_at)
    select
        :creator_id,
        'Silent ' || number,
        dashboard_now() - interval '50 days'
    from generate_series(1, 4000) as number
    """
)


@dataclass(frozen=True)
class Creators:
    few: UUID
    many: UUID
    student: UUID


@pytest.fixture(scope="module")
def creators(shared_database: URL) -> Creators:
    migrate()
    report = load_demo(DemoSize(students=MANY, videos=24, days=60), replace=True)
    many = max(report.creators, key=lambda creator: creator.students).id
    few = copied(many, "Few students", FEW)
    with engine().begin() as connection:
        connection.execute(SILENT, {"creator_id": many})
    for creator_id in (few, many):
        rebuild(creator_id)
    with engine().connect() as connection:
        student = connection.execute(WHO, {"creator_id": few}).scalar_one()
    measure(times=0)
    return Creators(few, many, student)


@pytest.mark.parametrize("change", CHANGES)
def test_a_refresh_reads_what_changed(change: str, creators: Creators) -> None:
    of_few, of_many = (
        read_after(CHANGES[change], creator, creators.student) for creator in (creators.few, creators.many)
    )

    grown = {
        relation: (of_few.get(relation, 0), rows)
        for relation, rows in of_many.items()
        if relation not in OF_THE_CALENDAR and rows > 2 * of_few.get(relation, 0) + 40
    }
    assert not grown


def read_after(change: str, creator_id: UUID, student_id: UUID) -> dict[str, int]:
    """What one portion reads after the change, by relation and index."""
    assert refresh(creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(SOMEBODY, {"creator_id": creator_id, "student_id": student_id})
        for statement in change.split(";"):
            assert connection.exec_driver_sql(statement).rowcount > 0
    return read_by_a_portion(creator_id)
