"""Changes to enrolments: enrolling, moving to another run, ending."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.courses import NoSuchCourse, NotThere
from database.accounts import Account, may_write
from database.clock import now
from database.instants import must_be_taken, must_have_zone
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.errors import InputError

STUDENTS_AT_ONCE = 10_000

RUN = text("select id from course_runs where creator_id = :creator_id and id = :run_id for share")
LIVE_STUDENTS = text(
    """
    select id
    from students
    where
        creator_id = :creator_id
        and id = any(cast(:student_ids as uuid[]))
        and deleted_at is null
    """
)
# Students who had left are enrolled again, with a new start.
ENROL = text(
    """
    insert into enrolments (creator_id, run_id, student_id, enrolled_at, access_expires_at)
    select
        :creator_id,
        :run_id,
        student_id,
        :enrolled_at,
        :access_expires_at
    from unnest(cast(:student_ids as uuid[])) as named (student_id)
    order by student_id
    on conflict (creator_id, student_id, run_id) do update set
        enrolled_at = excluded.enrolled_at,
        access_expires_at = excluded.access_expires_at,
        ended_at = null
    where
        enrolments.ended_at is not null
        or enrolments.access_expires_at is distinct from excluded.access_expires_at
    """
)
END = text(
    """
    update enrolments
    set ended_at = greatest(enrolled_at, :ended_at)
    where
        creator_id = :creator_id
        and run_id = :run_id
        and student_id = any(cast(:student_ids as uuid[]))
        and (ended_at is null or ended_at > greatest(enrolled_at, :ended_at))
    returning student_id
    """
)


@dataclass(frozen=True)
class Enrolled:
    """How many were enrolled or got other dates, and how many were already enrolled."""

    changed: int
    unchanged: int


def enrol(
    author: Account,
    creator_id: UUID,
    run_id: UUID,
    student_ids: Sequence[UUID],
    access_expires_at: datetime | None = None,
) -> Enrolled:
    """Enrol students in a run from now on, all or none; those who had left are enrolled again.

    Raises NoSuchCourse for a run that is not the creator's, and InputError for an unknown student, for more
    than 10,000 of them, for an impossible time, and for staff, who have read-only access.
    """
    may_write(author, creator_id)
    if access_expires_at is not None:
        must_have_zone("The end of access", access_expires_at)
        must_be_taken("The end of access", access_expires_at)
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        asked = _asked(connection, creator_id, run_id, student_ids)
        changed = connection.execute(ENROL, {**asked, "enrolled_at": now(), "access_expires_at": access_expires_at})
        return Enrolled(changed.rowcount, len(asked["student_ids"]) - changed.rowcount)


def end_enrolments(author: Account, creator_id: UUID, run_id: UUID, student_ids: Sequence[UUID]) -> int:
    """End the enrolment of students in a run now; returns how many ended. Their other runs and courses continue.

    Raises what `enrol` does.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        asked = _asked(connection, creator_id, run_id, student_ids)
        return connection.execute(END, {**asked, "ended_at": now()}).rowcount


def move_students(
    author: Account, creator_id: UUID, from_run_id: UUID, to_run_id: UUID, student_ids: Sequence[UUID]
) -> Enrolled:
    """Move the students of one run to another in one step; those who are not in it stay where they are, unchanged.

    Raises the same as `enrol`.
    """
    may_write(author, creator_id)
    if from_run_id == to_run_id:
        raise InputError("The students are in this run already; choose another one.")
    with tenant_tx(creator_id, limit_seconds=JOB_SECONDS) as connection:
        left = _asked(connection, creator_id, from_run_id, student_ids)
        moving = list(connection.execute(END, {**left, "ended_at": now()}).scalars())
        asked = _asked(connection, creator_id, to_run_id, moving)
        connection.execute(ENROL, {**asked, "enrolled_at": now(), "access_expires_at": None})
        return Enrolled(len(moving), len(left["student_ids"]) - len(moving))


def _asked(connection: Connection, creator_id: UUID, run_id: UUID, student_ids: Sequence[UUID]) -> dict[str, Any]:
    """The parameters of a change, after checking that run and students exist."""
    named = list(dict.fromkeys(student_ids))
    if len(named) > STUDENTS_AT_ONCE:
        raise InputError(f"{len(named):,} students are too many; choose at most {STUDENTS_AT_ONCE:,} at once.")
    if connection.execute(RUN, {"creator_id": creator_id, "run_id": run_id}).one_or_none() is None:
        raise NoSuchCourse("This run does not exist. Reload the page.")
    asked = {"creator_id": creator_id, "student_ids": named}
    there = set(connection.execute(LIVE_STUDENTS, asked).scalars())
    if missing := [student_id for student_id in named if student_id not in there]:
        raise NotThere("student", missing[0])
    return {**asked, "run_id": run_id}
