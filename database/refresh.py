"""Refreshes the figures in portions of about a second, each in its own transaction."""

import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass
from uuid import UUID

from psycopg2.errors import DeadlockDetected
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from database.each import each, of_creator, rested
from database.failures import Item
from database.statistics import measure
from database.tenancy import JOB_SECONDS, platform_tx, tenant_tx

KIND = "refresh"  # of failures

# SQL functions cannot commit, so the loop over portions is here.
PORTION = text(
    "select keys_done, keys_left, students_left from refresh_portion(:creator_id, :most_keys, :most_students)"
)
BESIDE = text("select build_beside(:creator_id, :most_students)")
MOST_KEYS = 2_000  # folded by one portion
FIRST_STUDENTS = 50  # built by the first transaction of a generation; after that, as many as take `BUILDING_SECONDS`
MOST_STUDENTS = 2_000
# Creators refreshed at once in a round: the database does the work, as below.
REFRESHERS = 2
# Connections that build a generation's students at once: the database does the work, with a process for each.
BUILDERS = 2
PORTION_SECONDS = 2.0
AIM_SECONDS = PORTION_SECONDS / 2
BUILDING_SECONDS = 1.5  # hundreds of students: in batches of fifty, each costs a third more
BUSY_SECONDS = 0.2  # until a rebuild checks again whether the other process is done
WAITING_SECONDS = 5.0  # how long a person waits at most
WORKER_SECONDS = 50.0  # length of one round of the worker, which starts one every minute

REBUILD = text("insert into changes (creator_id, kind, subjects) values (:creator_id, 'moved', array[:creator_id])")
# How much a relation must have grown to make it worth telling the planner.
KEYS_WORTH_MEASURING = 100  # checking takes 2 ms
TIMES_WHILE_GROWING = 8
TIMES_AT_THE_END = 1.1  # for a creator it has no statistics of, the planner expects next to no rows
STALE = text("select stale_creators()")


@dataclass(frozen=True)
class Portion:
    """What one transaction brought up to date, and what is left after it; in keys."""

    creator_id: UUID
    keys_done: int
    keys_left: int


Told = Callable[[Portion], None]


def silently(portion: Portion) -> None:
    """For callers who do not need to know the progress."""


class Refreshing:
    """The refresh of one creator, portion by portion, at the pace of this machine."""

    def __init__(self, creator_id: UUID, limit_seconds: float = JOB_SECONDS) -> None:
        self.creator_id = creator_id
        self._limit_seconds = limit_seconds
        self._most_keys = MOST_KEYS
        self._most_students = FIRST_STUDENTS
        self._students_left = 0  # of a generation, as the last portion reported
        self._is_bulk = False  # whether there was so much work that relations may have doubled

    def portion(self) -> Portion | None:
        """Fold the oldest changes; None if another process is working on this creator.

        It may be killed at any moment: the next caller continues where it stopped.
        """
        built = self._built_at_once()
        began = time.monotonic()
        with tenant_tx(self.creator_id, limit_seconds=self._limit_seconds) as connection:
            asked = {
                "creator_id": self.creator_id,
                "most_keys": self._most_keys,
                "most_students": 0 if built else self._most_students,
            }
            row = connection.execute(PORTION, asked).one()
        if row.keys_done is None:
            return None
        scale = _scale(AIM_SECONDS, time.monotonic() - began)
        self._most_keys = min(max(int(self._most_keys * scale), 50), MOST_KEYS)
        if not built:
            self._most_students = min(max(int(self._most_students * scale), 1), MOST_STUDENTS)
        self._students_left = row.students_left
        self._is_bulk |= row.keys_left > 0 or row.keys_done > KEYS_WORTH_MEASURING
        self._measure(row.keys_left)
        return Portion(self.creator_id, built + row.keys_done, row.keys_left)

    def _built_at_once(self) -> int:
        """Have several connections build students of a generation, if enough are left; returns how many were built."""
        if self._students_left <= self._most_students:
            return 0
        with ThreadPoolExecutor(BUILDERS) as builders:  # each with the caller's clock
            built = [builders.submit(copy_context().run, self._built) for _ in range(BUILDERS)]
        return sum(future.result() for future in built)

    def _built(self) -> int:
        began = time.monotonic()
        students = self._most_students
        asked = {"creator_id": self.creator_id, "most_students": students}
        try:
            with tenant_tx(self.creator_id, limit_seconds=self._limit_seconds) as connection:
                built = connection.execute(BESIDE, asked).scalar_one() or 0
        except OperationalError as error:
            # Two students wrote in each other's conversations: the one that gave way is built at the next call.
            if not isinstance(error.orig, DeadlockDetected):
                raise
            return 0
        scale = _scale(BUILDING_SECONDS, time.monotonic() - began)
        self._most_students = min(max(int(students * scale), 1), MOST_STUDENTS)
        return built

    def _measure(self, keys_left: int) -> None:
        """A load grows relations from nothing: measured rarely while it lasts (it takes seconds), and once after."""
        if self._is_bulk:
            measure(TIMES_WHILE_GROWING if keys_left else TIMES_AT_THE_END)


def _scale(aim_seconds: float, seconds: float) -> float:
    """The factor by which to scale the next transaction so that it takes as long as intended."""
    return min(max(aim_seconds / max(seconds, 0.001), 0.25), 2)


def refresh(creator_id: UUID, limit_seconds: float = JOB_SECONDS, told: Told = silently) -> bool:
    """Bring one creator's figures up to date; False if another process is already doing it.

    `limit_seconds` is the limit of each statement.
    """
    work = Refreshing(creator_id, limit_seconds)
    while portion := work.portion():
        told(portion)
        if not portion.keys_left:
            return True
    return False


def refresh_now(creator_id: UUID) -> bool:
    """Bring one creator's figures up to date while somebody waits; False if the worker continues with the rest."""
    return refresh_within(creator_id, WAITING_SECONDS) == 0


def refresh_within(creator_id: UUID, seconds: float) -> int | None:
    """Bring a creator's figures up to date as far as time allows; returns the keys left, None if another is at it."""
    began = time.monotonic()
    work = Refreshing(creator_id, max(seconds, PORTION_SECONDS))
    while (portion := work.portion()) and portion.keys_left:
        if time.monotonic() - began > seconds:
            break
    return portion.keys_left if portion else None


def rebuild(creator_id: UUID, told: Told = silently) -> None:
    """Rebuild all figures of one creator from the source tables; readers see the old ones until everything is done."""
    with tenant_tx(creator_id) as connection:
        connection.execute(REBUILD, {"creator_id": creator_id})
    while not refresh(creator_id, told=told):
        time.sleep(BUSY_SECONDS)


def stale_creators() -> list[UUID]:
    """The creators with changes that no refresh has seen yet, or with an unfinished generation."""
    with platform_tx() as connection:
        return list(connection.execute(STALE).scalar_one())


def refresh_stale(told: Told = silently) -> int:
    """Refresh every creator with changes; returns how many were refreshed."""
    return refresh_each(stale_creators(), told=told)


def refresh_rested() -> int:
    """The same for about a minute, without creators whose refresh keeps failing; those are tried less often."""
    return refresh_each(rested(stale_creators(), KIND), seconds=WORKER_SECONDS)


def refresh_each(creator_ids: Iterable[UUID], seconds: float | None = None, told: Told = silently) -> int:
    """Refresh these creators in turn, a portion each, so that a large import does not hold up others; returns how many.

    After that many seconds the rest is left to the next call.
    """
    began = time.monotonic()
    waiting = [Refreshing(creator_id) for creator_id in creator_ids]
    refreshed: set[UUID] = set()
    while waiting and (seconds is None or time.monotonic() - began < seconds):
        told_of = each(waiting, _portion_told(told), KIND, named=_creator_of, at_once=REFRESHERS)
        refreshed |= {portion.creator_id for portion in told_of if portion}
        unfinished = {portion.creator_id for portion in told_of if portion and portion.keys_left}
        waiting = [work for work in waiting if work.creator_id in unfinished]
    return len(refreshed)


def rebuild_each(creator_ids: Iterable[UUID], told: Told = silently) -> int:
    """Rebuild all figures of these creators; returns how many were rebuilt."""
    return len(each(creator_ids, lambda creator_id: rebuild(creator_id, told), KIND))


def _creator_of(work: Refreshing) -> Item:
    return of_creator(work.creator_id)


def _portion_told(told: Told) -> Callable[[Refreshing], Portion | None]:
    def one(work: Refreshing) -> Portion | None:
        portion = work.portion()
        if portion:
            told(portion)
        return portion

    return one
