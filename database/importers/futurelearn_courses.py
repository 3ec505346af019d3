"""The course and the run that an export is loaded into: found, or created."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from rules.errors import InputError

TITLE_LIMIT = 200  # characters
MADE_UP_NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")  # the database's name for a run without one
NUMBERED_RUN = re.compile(r"(?P<course>.+)-(?P<number>[0-9]{1,4})")  # as in cyber-security-6

FIRST_COURSE = text("select first_course(:creator_id)")
# Concurrent loads wait here: a number is given only once.
LOCK = text("select id from courses where creator_id = :creator_id order by number limit 1 for update")
RUNS = text(
    """
    -- One row per run, in the order in which courses and runs were created.
    select
        courses.id as course_id,
        courses.title as course_title,
        course_runs.id as run_id,
        course_runs.external_id as name,
        course_runs.title as run_title,
        exists (
            select
            from enrolments
            where
                enrolments.creator_id = course_runs.creator_id
                and enrolments.run_id = course_runs.id
        ) as has_students,
        exists (
            select
            from videos
            where
                videos.creator_id = courses.creator_id
                and videos.course_id = courses.id
        )
        or exists (
            select
            from quizzes
            where
                quizzes.creator_id = courses.creator_id
                and quizzes.course_id = courses.id
        ) as has_steps,
        exists (
            select
            from videos
            where
                videos.creator_id = courses.creator_id
                and videos.course_id = courses.id
                and videos.id = any(cast(:video_ids as uuid[]))
        ) as has_these_videos
    from courses
    join course_runs
        on
            course_runs.creator_id = courses.creator_id
            and course_runs.course_id = courses.id
    where courses.creator_id = :creator_id
    order by
        courses.number,
        course_runs.number
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
ADD_RUN = text(
    """
    insert into course_runs (creator_id, course_id, number, external_id, title)
    select
        :creator_id,
        :course_id,
        max(number) + 1,
        :name,
        :title
    from course_runs
    where creator_id = :creator_id
    returning id
    """
)
NAME_COURSE = text("update courses set title = :title where creator_id = :creator_id and id = :course_id")
# A title that somebody entered stays.
NAME_RUN = text(
    """
    update course_runs
    set
        external_id = :name,
        title = case when title = '' then :title else title end
    where
        creator_id = :creator_id
        and id = :run_id
    """
)
# A learner who left was deleted if the creator had one course; now the enrolment says so too.
END_OF_THE_DELETED = text(
    """
    update enrolments
    set ended_at = greatest(enrolments.enrolled_at, students.deleted_at)
    from students
    where
        enrolments.creator_id = :creator_id
        and enrolments.run_id = :run_id
        and enrolments.ended_at is null
        and students.creator_id = :creator_id
        and students.id = enrolments.student_id
        and students.deleted_at is not null
    """
)


@dataclass(frozen=True)
class Place:
    """Where an export goes; `other_runs` are the names of the exports that went into the same course."""

    course_id: UUID
    run_id: UUID
    other_runs: tuple[str, ...]


def check_title(title: str) -> None:
    """Raise InputError for an invalid course title."""
    if not title.strip() or len(title) > TITLE_LIMIT or not title.isprintable():
        raise InputError(f"The course's title is {title!r}; it must be 1 to {TITLE_LIMIT} printable characters.")


def placed(
    connection: Connection, creator_id: UUID, export_name: str, title: str | None, video_ids: Sequence[UUID]
) -> Place | None:
    """The course with this title and the run of this export in it, created if they do not exist yet.

    Without a title None, for a creator with one course that has no name; a run that was loaded into a course goes there
    again. A course without a name gets the title if this run or another one of the same course went into it, or
    nothing at all. `video_ids` are the ids that the export's videos have if no other run brought them.
    Raises InputError if the run belongs to another course, or if it is unclear which of several is meant.
    """
    runs = _locked_runs(connection, creator_id, video_ids)
    loaded = next((run for run in runs if run.name == export_name), None) or _loaded_without_a_name(runs)
    if title is not None:
        course_id = _course(connection, creator_id, export_name, title.strip(), runs, loaded)
    elif loaded is not None and (len(runs) > 1 or loaded.course_title):
        course_id = loaded.course_id
    else:
        _note_the_only_run(connection, creator_id, export_name, runs)
        return None
    of_course = [run for run in runs if run.course_id == course_id]
    run_id = _run(connection, creator_id, course_id, export_name, loaded or _unused(of_course))
    return Place(course_id, run_id, tuple(run.name for run in of_course if run.run_id != run_id))


def _locked_runs(connection: Connection, creator_id: UUID, video_ids: Sequence[UUID]) -> list[Any]:
    asked = {"creator_id": creator_id}
    connection.execute(FIRST_COURSE, asked)
    connection.execute(LOCK, asked)
    return list(connection.execute(RUNS, {**asked, "video_ids": list(video_ids)}).all())


def _loaded_without_a_name(runs: Sequence[Any]) -> Any | None:
    """The only run, if the export went into it before runs stored the names of their exports."""
    only = runs[0]
    is_nameless = len(runs) == 1 and not only.course_title and MADE_UP_NAME.fullmatch(only.name)
    return only if is_nameless and only.has_these_videos else None


def _note_the_only_run(connection: Connection, creator_id: UUID, export_name: str, runs: Sequence[Any]) -> None:
    """What is loaded without a course goes into the only run; it keeps its first export's name."""
    if len(runs) > 1 or runs[0].course_title:
        known = list(
            dict.fromkeys(f'"{run.course_title}"' if run.course_title else "one without a name" for run in runs)
        )
        raise InputError(
            f"{export_name} could go into several courses or runs (courses: {', '.join(known)}); "
            "say with --course TITLE which course it is a run of."
        )
    if not runs[0].has_students and not runs[0].has_steps:
        named = {"creator_id": creator_id, "run_id": runs[0].run_id, "name": export_name, "title": ""}
        connection.execute(NAME_RUN, named)


def _run(connection: Connection, creator_id: UUID, course_id: UUID, export_name: str, known: Any | None) -> UUID:
    names = {"creator_id": creator_id, "name": export_name, "title": _run_title(export_name)}
    if known is None:
        return UUID(str(connection.execute(ADD_RUN, {**names, "course_id": course_id}).scalar_one()))
    if known.name != export_name or not known.run_title:
        connection.execute(NAME_RUN, {**names, "run_id": known.run_id})
    return UUID(str(known.run_id))


def _course(
    connection: Connection, creator_id: UUID, export_name: str, title: str, runs: Sequence[Any], loaded: Any | None
) -> UUID:
    titled = next((run.course_id for run in runs if _is_same(run.course_title, title)), None)
    if loaded is not None and titled != loaded.course_id and (loaded.course_title or titled):
        raise InputError(
            f"{export_name} was loaded into {_named(loaded.course_title)}, not into {_named(title)}; "
            "load it there again, or give that course the title you want on its page first."
        )
    if titled:
        return UUID(str(titled))
    unnamed = loaded or next((run for run in runs if _may_be_named(run, export_name)), None)
    if unnamed is None:
        return UUID(str(connection.execute(ADD_COURSE, {"creator_id": creator_id, "title": title}).scalar_one()))
    named = {"creator_id": creator_id, "course_id": unnamed.course_id, "run_id": unnamed.run_id, "title": title}
    connection.execute(NAME_COURSE, named)
    connection.execute(END_OF_THE_DELETED, named)
    return UUID(str(unnamed.course_id))


def _named(title: str) -> str:
    return f'the course "{title}"' if title else "the course without a name"


def _may_be_named(run: Any, export_name: str) -> bool:
    if run.course_title:
        return False
    return _course_part(run.name) == _course_part(export_name) or not (run.has_students or run.has_steps)


def _unused(of_course: Sequence[Any]) -> Any | None:
    """The run created with the course, if nobody has named it or is enrolled in it."""
    if len(of_course) == 1 and not of_course[0].run_title and not of_course[0].has_students:
        return of_course[0]
    return None


def _is_same(one: str, other: str) -> bool:
    return one.casefold() == other.casefold()


def _course_part(export_name: str) -> str:
    found = NUMBERED_RUN.fullmatch(export_name)
    return found["course"] if found else export_name


def _run_title(export_name: str) -> str:
    """ "Run 6" for cyber-security-6; the whole name if it has no number."""
    found = NUMBERED_RUN.fullmatch(export_name)
    return f"Run {found['number']}" if found else export_name
