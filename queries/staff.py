"""All creators, for staff only: every function refuses everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import pandas as pd
from sqlalchemy import Connection, text

from database.account_directory import ListedAccount, listed_accounts
from database.accounts import must_be_staff
from database.statements import sql
from database.tenancy import directory_tx

LATEST = 100

CREATORS = text(sql("queries/creators"))

AUDIT_LOG = text(
    """
    -- One row per entry, newest first.
    select
        audit_log.created_at,
        coalesce(dashboard_users.name, audit_log.user_id::text, 'command line') as who,
        audit_log.action,
        creators.shown_name as creator,
        coalesce(about.name, audit_log.detail ->> 'about') as about
    from audit_log
    join creators on creators.id = audit_log.creator_id
    left join dashboard_users on dashboard_users.id = audit_log.user_id
    left join dashboard_users as about on about.id::text = audit_log.detail ->> 'about'
    order by
        audit_log.created_at desc,
        audit_log.id asc
    limit :limit
    """
)


FAILURES = text(
    """
    -- One row per item that failed and has not succeeded since, latest first.
    select
        failures.kind,
        failures.item,
        creators.shown_name as creator,
        failures.error,
        failures.place,
        failures.times,
        failures.first_at,
        failures.last_at
    from failures
    left join creators on creators.id = failures.about_creator_id
    where failures.settled_at is null
    order by
        failures.last_at desc,
        failures.kind asc,
        failures.item asc
    limit :limit
    """
)


@dataclass(frozen=True)
class CreatorState:
    """A creator with the state of the figures; refresh_seconds is how long the last refresh took.

    `waiting_keys` counts what has changed since (a student's video, day, quiz); while all figures are being rebuilt,
    `students_built` of `students_to_build` are done, otherwise both are None. `timezone_was` is the value before
    UTC, if it was not a valid zone name. `refused_rows` are those that an
    upgrade set aside, because a time in them is not between 1990 and 2100.
    """

    id: UUID
    name: str
    shown_name: str
    is_demo: bool
    subscription_tier: str
    timezone: str
    timezone_was: str | None
    students: int
    version: int
    refreshed_at: datetime | None
    refresh_seconds: float | None
    waiting_keys: int
    students_built: int | None
    students_to_build: int | None
    refused_rows: int


def creator_states(staff_id: UUID) -> list[CreatorState]:
    """Every creator, by name, with the last refresh. Raises NotStaff."""
    with _staff_tx(staff_id) as connection:
        return [CreatorState(**row) for row in connection.execute(CREATORS).mappings()]


@dataclass(frozen=True, slots=True)
class AuditRow:
    """One row per entry of the audit log."""

    created_at: datetime
    who: str
    action: str
    creator: str
    about: str | None  # the account concerned


def audit_log(staff_id: UUID) -> Annotated[pd.DataFrame, AuditRow]:
    """The latest 100 entries, newest first. Raises NotStaff."""
    with _staff_tx(staff_id) as connection:
        answer = connection.execute(AUDIT_LOG, {"limit": LATEST})
        return pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))


@dataclass(frozen=True, slots=True)
class FailureRow:
    """One row per item that failed and was skipped."""

    kind: str
    item: str
    creator: str | None  # None: no particular creator
    error: str
    place: str
    times: int
    first_at: datetime
    last_at: datetime


def failures(staff_id: UUID) -> Annotated[pd.DataFrame, FailureRow]:
    """What failed and was skipped, the latest 100. Raises NotStaff."""
    with _staff_tx(staff_id) as connection:
        answer = connection.execute(FAILURES, {"limit": LATEST})
        return pd.DataFrame.from_records([tuple(row) for row in answer], columns=list(answer.keys()))


def accounts(staff_id: UUID) -> list[ListedAccount]:
    """Every account, staff first, then by name. Raises NotStaff."""
    with _staff_tx(staff_id):
        pass  # entering is the check
    return listed_accounts()


@contextmanager
def _staff_tx(staff_id: UUID) -> Iterator[Connection]:
    with directory_tx() as connection:
        must_be_staff(connection, staff_id)
        yield connection
