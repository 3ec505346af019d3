"""Fill the database with creators, students and videos that look real."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import numpy as np

from database.bulk import insert_columns, rebuilt_afterwards, upsert_rows
from database.clock import now
from database.creator_removal import remove_creator
from database.creators import creators
from database.demo.activity_rows import activity_rows
from database.demo.batch import Batch, batch
from database.demo.course_rows import course_rows
from database.demo.courses import COURSES, Course, DemoSize
from database.demo.directory import LOAD_SECONDS, DemoAccount, add_accounts, add_creators
from database.demo.enrolment_rows import enrolment_rows
from database.demo.lessons import Lessons, lessons_of
from database.demo.personas import deleted_students
from database.demo.rhythm import Rhythm
from database.demo.student_rows import enrolled_at, student_rows
from database.demo.tables import Columns
from database.demo.unwanted import want_demo
from database.refresh import rebuild
from database.statistics import measure
from database.tenancy import tenant_tx
from rules.errors import InputError

STUDENTS_PER_BATCH = 500  # bounds the memory; each batch has its own randomness, whichever writer writes it
WRITERS = 2  # while one generates rows, or waits for the database, the other one writes

Progress = Callable[[str, float], None]


def silently(_step: str, _share_done: float) -> None:
    """The progress of a load that nobody watches."""


@dataclass(frozen=True)
class DemoCreator:
    id: UUID
    name: str
    subscription_tier: str
    timezone: str
    students: int  # without those who left
    videos: int  # without the deleted one


@dataclass(frozen=True)
class DemoReport:
    """What a load wrote; `rows` counts the rows of each source table."""

    creators: tuple[DemoCreator, ...]
    accounts: tuple[DemoAccount, ...]
    rows: dict[str, int]
    seconds: float


def is_empty() -> bool:
    """Whether there is no creator at all, from the demo or otherwise."""
    return not creators()


def load_demo(size: DemoSize | None = None, *, replace: bool = False, progress: Progress = silently) -> DemoReport:
    """Write the demo creators with their courses, students and accounts, and calculate their figures.

    Times count back from `clock.now()`. `progress` is called with what is being written and the share
    done, from 0 to 1. With `replace`, demo creators of an earlier load are removed first. A load that
    fails leaves no demo creator behind.

    Raises InputError if a creator with one of the names already exists.
    """
    size = size or DemoSize()
    want_demo()
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
        _remove([course.creator_id for course in COURSES])
        raise
    progress("Done", 1.0)
    return DemoReport(
        tuple(_report(course, size) for course in COURSES), accounts, dict(rows), time.monotonic() - began
    )


def _make_room(replace: bool) -> None:
    ours = {course.creator_id: course.creator for course in COURSES}
    present = [creator.id for creator in creators() if creator.id in ours]
    foreign = [creator.name for creator in creators() if creator.name in ours.values() and creator.id not in ours]
    if foreign:
        raise InputError(f'The creator "{foreign[0]}" does not belong to the demo, and the demo needs that name.')
    if present and not replace:
        raise InputError(
            f'The demo is already loaded: there is a creator "{ours[present[0]]}". Replace it to load it again.'
        )
    _remove(present)


def _remove(creator_ids: list[UUID]) -> None:
    for creator_id in creator_ids:
        remove_creator(creator_id)


def _load_course(course: Course, size: DemoSize, moment: datetime, progress: Progress) -> Counter[str]:
    """The course, its students in batches that are written concurrently, then the figures."""
    load = _Load(lessons_of(course, size, moment), Rhythm(moment, course.timezone, size.days), size)
    progress(f"{course.creator}: course", _share_done(course, size, 0))
    rows = load.course()
    writers = ThreadPoolExecutor(WRITERS)
    try:
        for numbers, written in zip(load.batches, writers.map(load.batch, load.batches), strict=True):
            rows += written
            progress(
                f"{course.creator}: students up to {numbers.stop}",
                _share_done(course, size, min(numbers.stop, load.students)),
            )
    finally:
        writers.shutdown(cancel_futures=True)
    measure()
    progress(f"{course.creator}: figures", _share_done(course, size, course.students(size)))
    rebuild(course.creator_id)
    return rows


@dataclass(frozen=True)
class _Load:
    lessons: Lessons
    rhythm: Rhythm
    size: DemoSize

    @property
    def students(self) -> int:
        return self.lessons.course.students(self.size)

    @property
    def batches(self) -> list[range]:
        """The numbers of the students of each batch."""
        everyone = range(self.students + len(deleted_students(self.students)))
        return [everyone[first : first + STUDENTS_PER_BATCH] for first in everyone[::STUDENTS_PER_BATCH]]

    def course(self) -> Counter[str]:
        creator_id = self.lessons.course.creator_id
        rows: Counter[str] = Counter()
        with tenant_tx(creator_id, limit_seconds=LOAD_SECONDS) as connection:
            rebuilt_afterwards(connection, creator_id)
            for table in course_rows(self.lessons, self.rhythm.now):
                with_creator = ((creator_id, *row) for row in table.rows)
                rows[table.name] = upsert_rows(connection, table.name, ("creator_id", *table.columns), with_creator)
        return rows

    def batch(self, numbers: range) -> Counter[str]:
        """Some students with everything they did, in one transaction."""
        course = self.lessons.course
        rng = np.random.default_rng([self.size.seed, COURSES.index(course), numbers.start])
        lived = batch(numbers, self.students, self.lessons, self.rhythm, rng)
        rows: Counter[str] = Counter()
        with tenant_tx(course.creator_id, limit_seconds=LOAD_SECONDS) as connection:
            rebuilt_afterwards(connection, course.creator_id)
            for table in self._tables(lived):
                rows[table.name] = insert_columns(connection, course.creator_id, table.name, table.columns)
        return rows

    def _tables(self, lived: Batch) -> Iterator[Columns]:
        """The batch's rows, in an order that foreign keys allow."""
        yield student_rows(lived, self.rhythm)
        if self.lessons.course.sections:
            yield enrolment_rows(lived, self.lessons, self.rhythm, enrolled_at(lived, self.rhythm))
        yield from activity_rows(lived, self.lessons)


def _share_done(course: Course, size: DemoSize, students: int) -> float:
    """Students written so far, of this course and those before it, as a share of all."""
    before = sum(earlier.students(size) for earlier in COURSES[: COURSES.index(course)])
    return min((before + students) / max(sum(any_course.students(size) for any_course in COURSES), 1), 0.99)


def _report(course: Course, size: DemoSize) -> DemoCreator:
    return DemoCreator(
        id=course.creator_id,
        name=course.creator,
        subscription_tier=course.subscription_tier,
        timezone=course.timezone,
        students=course.students(size),
        videos=course.videos(size),
    )
