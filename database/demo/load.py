"""Fill the database with creators, students and videos that look alive."""

import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

import numpy as np
from sqlalchemy import Connection, text

from database.bulk import upsert_rows
from database.clock import now
from database.creators import creators
from database.demo.activity_rows import activity_rows
from database.demo.batch import batch
from database.demo.course_rows import course_rows
from database.demo.courses import COURSES, Course, DemoSize
from database.demo.directory import LOAD_SECONDS, DemoAccount, add_accounts, add_creators, remove
from database.demo.lessons import Lessons, lessons_of
from database.demo.personas import deleted_students
from database.demo.rhythm import Rhythm
from database.demo.student_rows import student_rows
from database.demo.tables import Table
from database.errors import InputError
from database.refresh import REBUILD, measure_rollups
from database.tenancy import platform_tx, tenant_tx

STUDENTS_PER_BATCH = 500  # bounds the memory

Progress = Callable[[str, float], None]


def silently(_step: str, _share_done: float) -> None:
    """The progress of a load that nobody watches."""


@dataclass(frozen=True)
class DemoCreator:
    id: UUID
    name: str
    subscription_tier: str
    timezone: str
    students: int  # those who left not counted
    videos: int  # the deleted one not counted


@dataclass(frozen=True)
class DemoReport:
    """What a load wrote; `rows` counts the rows of each source table."""

    creators: tuple[DemoCreator, ...]
    accounts: tuple[DemoAccount, ...]
    rows: dict[str, int]
    seconds: float


def is_empty() -> bool:
    """Whether there is no creator at all, a demo one or another."""
    return not creators()


def load_demo(size: DemoSize | None = None, *, replace: bool = False, progress: Progress = silently) -> DemoReport:
    """Write the demo creators with their courses, students and accounts, and compute their figures.

    Times count back from `clock.now()`. `progress` is told what is being written and the share
    done, from 0 to 1. With `replace`, demo creators of an earlier load go first. A load that
    fails leaves no demo creator behind.

    Raises InputError when a creator of one of the names is already there.
    """
    size = size or DemoSize()
    began = time.monotonic()
    moment = now().replace(microsecond=0)
    _make_room(replace)
    rows: Counter[str] = Counter()
    try:
        add_creators(moment)
        for course in COURSES:
            rows += _load_course(course, size, moment, progress)
        accounts = add_accounts(moment)
    except BaseException:
        remove([course.creator_id for course in COURSES])
        raise
    measure_rollups()
    progress("Done", 1.0)
    return DemoReport(
        tuple(_report(course, size) for course in COURSES), accounts, dict(rows), time.monotonic() - began
    )


def _make_room(replace: bool) -> None:
    ours = {course.creator_id: course.creator for course in COURSES}
    present = [creator.id for creator in creators() if creator.id in ours]
    foreign = [creator.name for creator in creators() if creator.name in ours.values() and creator.id not in ours]
    if foreign:
        raise InputError(f'There is a creator "{foreign[0]}" who is not of the demo; the demo needs that name.')
    if present and not replace:
        raise InputError(
            f'The demo is already loaded: there is a creator "{ours[present[0]]}". Replace it to load it again.'
        )
    remove(present)


def _load_course(course: Course, size: DemoSize, moment: datetime, progress: Progress) -> Counter[str]:
    """Everything of one creator in one transaction, then the figures."""
    lessons = lessons_of(course, size, moment)
    rhythm = Rhythm(moment, course.timezone, size.days)
    rows: Counter[str] = Counter()
    with tenant_tx(course.creator_id, limit_seconds=LOAD_SECONDS) as connection:
        for table in chain(course_rows(lessons), _student_tables(lessons, rhythm, size, progress)):
            rows[table.name] += _write(connection, course.creator_id, table)
        _analyze(connection, rows)
    progress(f"{course.creator}: figures", _share_done(course, size, course.students(size)))
    with platform_tx(limit_seconds=LOAD_SECONDS) as connection:
        connection.execute(REBUILD, {"creator_id": course.creator_id})
    return rows


def _student_tables(lessons: Lessons, rhythm: Rhythm, size: DemoSize, progress: Progress) -> Iterator[Table]:
    course = lessons.course
    students = course.students(size)
    everyone = students + len(deleted_students(students))
    for first in range(0, everyone, STUDENTS_PER_BATCH):
        numbers = range(first, min(first + STUDENTS_PER_BATCH, everyone))
        progress(f"{course.creator}: students {first + 1} to {numbers.stop}", _share_done(course, size, first))
        rng = np.random.default_rng([size.seed, COURSES.index(course), first])
        lived = batch(numbers, students, lessons, rhythm, rng)
        yield student_rows(lived, rhythm)
        yield from activity_rows(lived, lessons)


def _share_done(course: Course, size: DemoSize, students: int) -> float:
    """Students written so far, of this course and those before it, out of all."""
    before = sum(earlier.students(size) for earlier in COURSES[: COURSES.index(course)])
    return min((before + students) / max(sum(any_course.students(size) for any_course in COURSES), 1), 0.99)


def _analyze(connection: Connection, names: Iterable[str]) -> None:
    """Tell the planner how many rows there are now; without that, the first rebuild takes a minute."""
    connection.execute(text("set local role none"))  # only the owner of a table may
    connection.execute(text(f"analyze {', '.join(names)}"))
    connection.execute(text("set local role dashboard_app"))


def _write(connection: Connection, creator_id: UUID, table: Table) -> int:
    rows: Iterator[tuple[Any, ...]] = ((creator_id, *row) for row in table.rows)
    return upsert_rows(connection, table.name, ("creator_id", *table.columns), rows, table.key)


def _report(course: Course, size: DemoSize) -> DemoCreator:
    return DemoCreator(
        id=course.creator_id,
        name=course.creator,
        subscription_tier=course.subscription_tier,
        timezone=course.timezone,
        students=course.students(size),
        videos=course.videos(size),
    )
