"""Changes to a creator's courses and runs: adding, renaming, ordering, closing, and their videos and quizzes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.videos import figures_follow
from actions.written import one_line, within
from database.accounts import Account, may_write
from database.instants import must_be_taken, must_have_zone
from database.statements import sql
from database.tenancy import tenant_tx
from rules.errors import InputError

TITLE_LIMIT = 200  # characters
COURSES_LIMIT, RUNS_LIMIT = 200, 1_000  # of one creator

# Two concurrent additions wait for each other here, so that numbers are unique.
FIRST_COURSE = text("select first_course(:creator_id)")
LOCK = text("select id from courses where creator_id = :creator_id order by number limit 1 for update")
COURSES = text(
    """
    -- One row per course, in order.
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
ADD_COURSE = text(sql("actions/add_course"))
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
ORDER_COURSES = text(sql("actions/order_courses"))
ADD_RUN = text(sql("actions/add_run"))
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
PUT_VIDEOS = text(sql("actions/put_videos"))
PUT_QUIZZES = text(sql("actions/put_quizzes"))
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


class NotThere(InputError):
    """The given video, quiz or student is unknown, deleted or another creator's."""

    def __init__(self, what: str, missing: UUID) -> None:
        super().__init__(f"The {what} {missing} does not exist. Reload the page.")
        self.missing = missing


@dataclass(frozen=True)
class RunDates:
    """The title and dates of a run. Raises InputError, naming what is invalid.

    Without a start it has always been open, without an end it stays open. Both are times with a zone.
    """

    title: str = ""
    starts_at: datetime | None = None
    ends_at: datetime | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", within("name of the run", one_line(self.title), TITLE_LIMIT))
        for field, instant in (("start", self.starts_at), ("end", self.ends_at)):
            if instant is not None:
                must_have_zone(f"The {field} of the run", instant)
                must_be_taken(f"The {field} of the run", instant)
        if self.starts_at and self.ends_at and self.ends_at <= self.starts_at:
            raise InputError(
                f"The run would end on {self.ends_at:%-d %B %Y}, which is not after its start on "
                f"{self.starts_at:%-d %B %Y}; choose a later end."
            )


def add_course(author: Account, creator_id: UUID, title: str) -> UUID:
    """Add a course at the end, with a run that is always open; returns its id.

    Raises InputError for a title that is empty, too long or already taken, and for staff.
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
    """Rename a course. Raises NoSuchCourse, and InputError as `add_course` does."""
    change_course(author, creator_id, course_id, title=title)


def change_course(
    author: Account, creator_id: UUID, course_id: UUID, title: str | None = None, is_closed: bool | None = None
) -> None:
    """Rename, close or reopen a course in one step; None leaves it unchanged.

    Raises what `name_course` and `close_course` do.
    """
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = _locked(connection, creator_id)
        if course_id not in {course.id for course in known}:
            raise _no_such()
        asked = {"creator_id": creator_id, "course_id": course_id}
        if title is not None:
            kept = _unused_title(title, [course.title for course in known if course.id != course_id])
            connection.execute(NAME_COURSE, {**asked, "title": kept})
        if is_closed and [course.id for course in known if course.closed_at is None] == [course_id]:
            raise InputError("This is the only open course; add another one first.")
        if is_closed is not None:
            connection.execute(CLOSE_COURSE if is_closed else OPEN_COURSE, asked)


def order_courses(author: Account, creator_id: UUID, course_ids: Sequence[UUID]) -> None:
    """Put the courses in the order of the ids, which must include each exactly once. Raises InputError otherwise."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        known = {course.id for course in _locked(connection, creator_id)}
        if known != set(course_ids) or len(known) != len(course_ids):
            raise InputError(f"The order names {len(course_ids)} of {len(known)} courses; name each of them once.")
        connection.execute(ORDER_COURSES, {"creator_id": creator_id, "course_ids": list(course_ids)})


def close_course(author: Account, creator_id: UUID, course_id: UUID) -> None:
    """Close a course: its figures stay, and nobody is reminded to come back to it. Raises NoSuchCourse and InputError.

    The last open course of a creator stays open.
    """
    change_course(author, creator_id, course_id, is_closed=True)


def open_course(author: Account, creator_id: UUID, course_id: UUID) -> None:
    """Reopen a closed course."""
    change_course(author, creator_id, course_id, is_closed=False)


def add_run(author: Account, creator_id: UUID, course_id: UUID, run: RunDates) -> UUID:
    """Add a run to a course; returns its id. Raises NoSuchCourse, and InputError for too many and for staff."""
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
    """Change the title and dates of a run. Raises NoSuchCourse, and InputError for staff."""
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


def put_videos(author: Account, creator_id: UUID, course_id: UUID, video_ids: Sequence[UUID]) -> bool:
    """Move videos to a course, all or none; False if the figures follow later, in the background.

    Raises NoSuchCourse, and NotThere for a video that does not exist.
    """
    return _put(author, creator_id, course_id, video_ids, LIVE_VIDEOS, PUT_VIDEOS, "video")


def put_quizzes(author: Account, creator_id: UUID, course_id: UUID, quiz_ids: Sequence[UUID]) -> bool:
    """Move quizzes to a course, all or none. Returns and raises the same as `put_videos`."""
    return _put(author, creator_id, course_id, quiz_ids, LIVE_QUIZZES, PUT_QUIZZES, "quiz")


def _put(
    author: Account, creator_id: UUID, course_id: UUID, ids: Sequence[UUID], live: Any, put: Any, what: str
) -> bool:
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        if course_id not in {course.id for course in _locked(connection, creator_id)}:
            raise _no_such()
        asked = {"creator_id": creator_id, "ids": list(ids)}
        there = set(connection.execute(live, asked).scalars())
        if missing := [one for one in ids if one not in there]:
            raise NotThere(what, missing[0])
        connection.execute(put, {**asked, "course_id": course_id})
    return figures_follow(creator_id)


def _add_run(connection: Connection, creator_id: UUID, course_id: UUID, run: RunDates) -> UUID:
    values = {"title": run.title, "starts_at": run.starts_at, "ends_at": run.ends_at}
    added: UUID = connection.execute(ADD_RUN, {"creator_id": creator_id, "course_id": course_id, **values}).scalar_one()
    return added


def _locked(connection: Connection, creator_id: UUID) -> Sequence[Any]:
    """The creator's courses, locked until the end of the transaction."""
    connection.execute(FIRST_COURSE, {"creator_id": creator_id})
    connection.execute(LOCK, {"creator_id": creator_id})
    return connection.execute(COURSES, {"creator_id": creator_id}).all()


def _unused_title(title: str, others: Sequence[str]) -> str:
    kept = within("title", one_line(title), TITLE_LIMIT)
    if not kept:
        raise InputError("The title is empty; enter a title for the course.")
    if kept.casefold() in {other.casefold() for other in others}:
        raise InputError(f'There is already a course called "{kept}"; choose another title.')
    return kept


def _changed(connection: Connection, statement: Any, **values: Any) -> None:
    if connection.execute(statement, values).rowcount != 1:
        raise _no_such()


def _no_such() -> NoSuchCourse:
    return NoSuchCourse("This course or run does not exist. Reload the page.")
