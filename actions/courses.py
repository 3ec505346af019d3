"""A creator's courses and their runs: made, named, put in order and closed; and what belongs to which course."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.written import one_line, within
from database.accounts import Account, may_write
from database.errors import InputError
from database.instants import must_be_taken
from database.tenancy import tenant_tx

TITLE_LIMIT = 200  # characters
COURSES_LIMIT, RUNS_LIMIT = 200, 1_000  # of one creator

# Two who add at once wait here: numbers are given once.
FIRST_COURSE = text("select first_course(:creator_id)")
LOCK = text("select id from courses where creator_id = :creator_id order by number limit 1 for update")
COURSES = text(
    """
    -- One row per course, in their order.
    select
        id,
        number,
        title,
        closed_at
    from courses
    where creator_id = :creator_id
    order by
        position,
        number
    """
)
ADD_COURSE = text(
    """
    insert into courses (creator_id, number, position, title)
    select
        :creator_id,
        max(number) + 1,
        max(position) + 1,
        :title
    from courses
    where creator_id = :creator_id
    returning id
    """
)
NAME_COURSE = text("update courses set title = :title where creator_id = :creator_id and id = :course_id")
CLOSE_COURSE = text(
    """
    update courses
    set closed_at = coalesce(closed_at, dashboard_now())
    where
        creator_id = :creator_id
        and id = :course_id
    """
)
OPEN_COURSE = text("update courses set closed_at = null where creator_id = :creator_id and id = :course_id")
ORDER_COURSES = text(
    """
    update courses
    set position = wanted.position
    from unnest(cast(:course_ids as uuid[])) with ordinality as wanted (id, position)
    where
        courses.creator_id = :creator_id
        and courses.id = wanted.id
        and courses.position <> wanted.position
    """
)
ADD_RUN = text(
    """
    insert into course_runs (creator_id, course_id, number, title, starts_at, ends_at)
    select
        :creator_id,
        :course_id,
        max(number) + 1,
        :title,
        :starts_at,
        :ends_at
    from course_runs
    where creator_id = :creator_id
    returning id
    """
)
CHANGE_RUN = text(
    """
    update course_runs
    set
        title = :title,
        starts_at = :starts_at,
        ends_at = :ends_at
    where
        creator_id = :creator_id
        and id = :run_id
    """
)
RUNS = text("select count(*) from course_runs where creator_id = :creator_id")
PUT_VIDEOS = text(
    """
    update videos
    set
        course_id = :course_id,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
        and deleted_at is null
        and course_id <> :course_id
    """
)
PUT_QUIZZES = text(
    """
    update quizzes
    set course_id = :course_id
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
        and deleted_at is null
        and course_id <> :course_id
    """
)
LIVE_VIDEOS = text(
    """
    select id
    from videos
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
        and deleted_at is null
    order by id
    for update
    """
)
LIVE_QUIZZES = text(
    """
    select id
    from quizzes
    where
        creator_id = :creator_id
        and id = any(cast(:ids as uuid[]))
        and deleted_at is null
    order by id
    for update
    """
)


class NoSuchCourse(InputError):
    """The course or run is unknown or another creator's."""


@dataclass(frozen=True)
class RunDates:
    """What a run is called, and from when to when it is held. Raises InputError, naming what cannot be used.

    Without a start it is always on, without an end it goes on.
    """

    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", within("name of the run", one_line(self.title), TITLE_LIMIT))
        for field, instant in (("start", self.starts_at), ("end", self.ends_at)):
            if instant is not None:
                must_be_taken(f"The {field} of the run", instant)
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise InputError(
                f"The run would end on {self.ends_at:%-d %B %Y}, which is not after its start on "
                f"{self.starts_at:%-d %B %Y}; choose a later end."
            )


def add_course(author: Account, creator_id: UUID, title: str) -> UUID:
    """Add a course behind the others, with a run that is always on; its id.

    Raises InputError for a title that is empty, too long or already another course's, and for staff, who only read.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id)
        if len(known) >= COURSES_LIMIT:
            raise InputError(f"There are {len(known)} courses; a creator has at most {COURSES_LIMIT}.")
        kept = _unused_title(title, [course.title for course in known])
        added: UUID = connection.execute(ADD_COURSE, {"creator_id": creator_id, "title": kept}).scalar_one()
        _add_run(connection, creator_id, added, RunDates())
        return added


def name_course(author: Account, creator_id: UUID, course_id: UUID, title: str) -> None:
    """Give a course another title. Raises NoSuchCourse, and InputError as `add_course` does."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        others = [course.title for course in _locked(connection, creator_id) if course.id != course_id]
        _changed(
            connection, NAME_COURSE, creator_id=creator_id, course_id=course_id, title=_unused_title(title, others)
        )


def order_courses(author: Account, creator_id: UUID, course_ids: Sequence[UUID]) -> None:
    """Give the courses the order of the ids, which must be all of them, each once. Raises InputError otherwise."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = {course.id for course in _locked(connection, creator_id)}
        if known != set(course_ids) or len(known) != len(course_ids):
            raise InputError(f"The order names {len(course_ids)} of {len(known)} courses; name each of them once.")
        connection.execute(ORDER_COURSES, {"creator_id": creator_id, "course_ids": list(course_ids)})


def close_course(author: Account, creator_id: UUID, course_id: UUID) -> None:
    """End a course: its figures stay, and nobody is told to come back to it. Raises NoSuchCourse and InputError.

    The last open course of a creator stays open.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id)
        if [course.id for course in known if course.closed_at is None] == [course_id]:
            raise InputError("This is the only open course; add another one first.")
        _changed(connection, CLOSE_COURSE, creator_id=creator_id, course_id=course_id)


def open_course(author: Account, creator_id: UUID, course_id: UUID) -> None:
    """Take back `close_course`."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _changed(connection, OPEN_COURSE, creator_id=creator_id, course_id=course_id)


def add_run(author: Account, creator_id: UUID, course_id: UUID, run: RunDates) -> UUID:
    """Add a run to a course; its id. Raises NoSuchCourse, and InputError for too many and for staff."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id)
        if course_id not in {course.id for course in known}:
            raise _no_such()
        runs = connection.execute(RUNS, {"creator_id": creator_id}).scalar_one()
        if runs >= RUNS_LIMIT:
            raise InputError(f"There are {runs:,} runs; a creator has at most {RUNS_LIMIT:,}.")
        return _add_run(connection, creator_id, course_id, run)


def change_run(author: Account, creator_id: UUID, run_id: UUID, run: RunDates) -> None:
    """Give a run another name and other dates. Raises NoSuchCourse, and InputError for staff."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        _changed(
            connection,
            CHANGE_RUN,
            creator_id=creator_id,
            run_id=run_id,
            title=run.title,
            starts_at=run.starts_at,
            ends_at=run.ends_at,
        )


def put_videos(author: Account, creator_id: UUID, course_id: UUID, video_ids: Sequence[UUID]) -> None:
    """Move videos into a course, all or none. Raises NoSuchCourse, and InputError for a video that is not there."""
    _put(author, creator_id, course_id, video_ids, LIVE_VIDEOS, PUT_VIDEOS, "video")


def put_quizzes(author: Account, creator_id: UUID, course_id: UUID, quiz_ids: Sequence[UUID]) -> None:
    """Move quizzes into a course, all or none. Raises NoSuchCourse, and InputError for a quiz that is not there."""
    _put(author, creator_id, course_id, quiz_ids, LIVE_QUIZZES, PUT_QUIZZES, "quiz")


def _put(
    author: Account, creator_id: UUID, course_id: UUID, ids: Sequence[UUID], live: Any, put: Any, what: str
) -> None:
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        if course_id not in {course.id for course in _locked(connection, creator_id)}:
            raise _no_such()
        asked = {"creator_id": creator_id, "ids": list(ids)}
        there = set(connection.execute(live, asked).scalars())
        if missing := [one for one in ids if one not in there]:
            raise InputError(f"There is no {what} {missing[0]}; it may have been deleted. Reload the page.")
        connection.execute(put, {**asked, "course_id": course_id})


def _add_run(connection: Connection, creator_id: UUID, course_id: UUID, run: RunDates) -> UUID:
    values = {"title": run.title, "starts_at": run.starts_at, "ends_at": run.ends_at}
    added: UUID = connection.execute(ADD_RUN, {"creator_id": creator_id, "course_id": course_id, **values}).scalar_one()
    return added


def _locked(connection: Connection, creator_id: UUID) -> Sequence[Any]:
    """The creator's courses, which nobody else changes until the end of the transaction."""
    connection.execute(FIRST_COURSE, {"creator_id": creator_id})
    connection.execute(LOCK, {"creator_id": creator_id})
    return connection.execute(COURSES, {"creator_id": creator_id}).all()


def _unused_title(title: str, others: Sequence[str]) -> str:
    kept = within("title", one_line(title), TITLE_LIMIT)
    if not kept:
        raise InputError("The title is empty; write what the course is called.")
    if kept.casefold() in {other.casefold() for other in others}:
        raise InputError(f'There is already a course called "{kept}"; choose another title.')
    return kept


def _changed(connection: Connection, statement: Any, **values: Any) -> None:
    if connection.execute(statement, values).rowcount != 1:
        raise _no_such()


def _no_such() -> NoSuchCourse:
    return NoSuchCourse("There is no such course or run. Reload the page.")
