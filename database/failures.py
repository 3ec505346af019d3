"""Failures that were skipped: recording, listing, counting, resolving and deleting them."""

import logging
import time
import traceback
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from sqlalchemy import TextClause, text
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from database.settings import PROJECT_DIR
from database.tenancy import platform_tx
from rules.errors import SetupError

logger = logging.getLogger(__name__)

KEPT_FOR = timedelta(days=90)
LONGEST_WORDS, LONGEST_ID = 300, 100  # characters that are kept
# A database that restarts is back after a few seconds; one that is away longer ends the loop.
SECONDS_BETWEEN_TRIES = (0.5, 2.5)
CONNECTION_LOST = ("08", "57P01", "57P02", "57P03", "53300")  # prefixes of SQLSTATEs: no connection, or no longer one

NOTE = text(
    """
    insert into failures (kind, item, about_creator_id, error, place, first_at, last_at)
    select
        :kind,
        :item,
        cast(:creator_id as uuid),
        :error,
        :place,
        clock.instant as first_at,
        clock.instant as last_at
    from (select clock_timestamp() as instant) as clock
    on conflict (kind, item) do update set
        about_creator_id = excluded.about_creator_id,
        error = excluded.error,
        place = excluded.place,
        times = case when failures.settled_at is null then failures.times + 1 else 1 end,
        first_at = case when failures.settled_at is null then failures.first_at else excluded.first_at end,
        last_at = excluded.last_at,
        settled_at = null
    """
)
OPEN_ITEMS = text("select item from failures where kind = :kind and settled_at is null")
RESTING = text(
    """
    -- One row per item that failed more than once in a row and must not be retried yet: after 2, 4, 8 ... 60 minutes.
    select item
    from failures
    where
        kind = :kind
        and settled_at is null
        and times > 1
        and last_at + least(make_interval(mins => (2 ^ least(times - 1, 6))::integer), interval '1 hour')
        > clock_timestamp()
    """
)
SETTLE = text(
    """
    update failures
    set settled_at = clock_timestamp()
    where
        kind = :kind
        and item = :item
        and settled_at is null
    """
)
COUNTS = text(
    """
    -- One row per kind with a failure that is not resolved.
    select
        kind,
        count(*) as failures
    from failures
    where settled_at is null
    group by kind
    order by kind
    """
)
FORGET = text("delete from failures where last_at <= clock_timestamp() - :kept_for")


@dataclass(frozen=True)
class Item:
    """One of many items, identified without personal data: its creator, and an id that is unique for its kind."""

    creator_id: UUID | None
    id: str


@dataclass(frozen=True)
class Failure:
    """What failed, without personal data: the kind of error and where it was raised."""

    kind: str
    item: Item
    error: str
    place: str

    @classmethod
    def of(cls, kind: str, item: Item, error: BaseException) -> "Failure":
        return cls(kind, item, error_in_words(error)[:LONGEST_WORDS], place_in_program(error)[:LONGEST_WORDS])


def note_failure(failure: Failure) -> None:
    """Record it for staff, in a transaction of its own. Problems with that are logged and stop nobody.

    Only a database that stays unreachable for a few seconds raises its error: then nothing could be done for any item.
    """
    values = {
        "kind": failure.kind,
        "item": failure.item.id,
        "creator_id": failure.item.creator_id,
        "error": failure.error,
        "place": failure.place,
    }
    for pause in (*SECONDS_BETWEEN_TRIES, None):
        try:
            with platform_tx() as connection:
                connection.execute(NOTE, values)
            return
        except SetupError:  # there is no database to talk to
            raise
        except Exception as error:
            if not _is_away(error):
                logger.error("a failure could not be noted: %s", error_in_words(error))
                return
            if pause is None:
                raise
        time.sleep(pause)


def open_items(kind: str) -> set[str]:
    """The items of this kind that failed and have not succeeded since; none if they cannot be read now."""
    return _items_or_none(OPEN_ITEMS, kind)


def resting_items(kind: str) -> set[str]:
    """The items that keep failing and are paused, for an hour at most."""
    return _items_or_none(RESTING, kind)


def settle(kind: str, item_id: str) -> None:
    """Resolve a failure: it succeeded, or a person resolved it. Raises SQLAlchemyError."""
    with platform_tx() as connection:
        connection.execute(SETTLE, {"kind": kind, "item": item_id})


def failure_counts() -> tuple[tuple[str, int], ...]:
    """How many failures are unresolved, by kind."""
    with platform_tx() as connection:
        return tuple((row.kind, row.failures) for row in connection.execute(COUNTS))


def forget_old_failures() -> int:
    """Delete failures that last occurred 90 days ago or earlier; returns how many."""
    with platform_tx() as connection:
        return connection.execute(FORGET, {"kept_for": KEPT_FOR}).rowcount


def error_in_words(error: BaseException) -> str:
    """The kind of error; the database's code and constraint; its text only if it cannot contain personal data.

    A database quotes the row that it refuses, and messages about input quote the input.
    """
    found = _database_error(error)
    if found is None:
        words = str(error) if getattr(error, "names_no_person", False) else ""
        return f"{type(error).__name__}: {words}" if words else type(error).__name__
    constraint = getattr(getattr(found, "diag", None), "constraint_name", None)
    code = getattr(found, "pgcode", None) or getattr(found, "sqlstate", None)
    details = [f"SQLSTATE {code}"] * bool(code) + [f"constraint {constraint}"] * bool(constraint)
    return f"{type(found).__name__} ({', '.join(details)})" if details else type(found).__name__


def place_in_program(error: BaseException) -> str:
    """Where it was raised, as "file:line function": the innermost place in our own code; empty if there is none."""
    for frame, line in reversed(list(traceback.walk_tb(error.__traceback__))):
        path = Path(frame.f_code.co_filename)
        is_ours = path.is_relative_to(PROJECT_DIR) and ".venv" not in path.parts
        if is_ours and not frame.f_globals.get("PASSES_ON"):  # a module that only passes calls on to the driver
            return f"{path.relative_to(PROJECT_DIR)}:{line} {frame.f_code.co_name}"
    return ""


def _database_error(error: BaseException | None) -> BaseException | None:
    """The driver's own error behind this one, of either driver; None if the database is not to blame."""
    while error is not None:
        if isinstance(error, DBAPIError) and error.orig is not None:
            return error.orig
        if hasattr(error, "diag"):
            return error
        error = error.__cause__
    return None


def _is_away(error: BaseException) -> bool:
    """Whether the database cannot be reached, as opposed to refusing something."""
    if isinstance(error, NoConnectionFree):
        return True
    if not isinstance(error, InterfaceError | OperationalError):
        return isinstance(error, DBAPIError) and error.connection_invalidated
    code = getattr(error.orig, "pgcode", None)
    return error.connection_invalidated or code is None or code.startswith(CONNECTION_LOST)


def _items_or_none(statement: TextClause, kind: str) -> set[str]:
    try:
        with platform_tx() as connection:
            return set(connection.execute(statement, {"kind": kind}).scalars())
    except SetupError:
        raise
    except Exception as error:
        logger.error("the failures of %s could not be read: %s", kind, error_in_words(error))
        return set()
