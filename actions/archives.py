"""Archiving old chats and activity logs."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from actions.archive_kinds import KINDS
from database.accounts import Account, may_write
from database.archive_files import EXTENSION, FOLDER, ArchiveFile, write_archive_file
from database.statistics import measure
from database.storage import new_key, remove_file
from database.tenancy import JOB_SECONDS, tenant_tx
from rules.archive import AFTER_MONTHS
from rules.errors import InputError

logger = logging.getLogger(__name__)

STUDENTS_TOGETHER = 200
MOST_TOGETHER = {"chat": 1_000, "activity": 20_000}  # conversations, events

CHOOSE = text(
    """
    insert into archive_choices (creator_id, kind, is_on)
    values (:creator_id, :kind, :is_on)
    on conflict (creator_id, kind) do update set
        is_on = excluded.is_on,
        changed_at = dashboard_now()
    where archive_choices.is_on <> excluded.is_on
    """
)
# The lock makes a restore, which turns it off, wait for a portion.
IS_ON = text("select is_on from archive_choices where creator_id = :creator_id and kind = :kind for share")
SINCE = text(
    """
    -- Whole days in UTC, the same for both kinds.
    select date_trunc('day', dashboard_now() - make_interval(months => :months), 'UTC')
    """
)
NEXT_STUDENTS = text(
    """
    select id
    from students
    where
        creator_id = :creator_id
        and id > :after
    order by id
    limit :most
    """
)
BEGIN = text(
    """
    insert into archives (creator_id, kind, storage_key)
    values (:creator_id, :kind, :storage_key)
    returning id
    """
)
STILL_WRITING = text(
    """
    select id
    from archives
    where
        creator_id = :creator_id
        and id = :archive_id
        and state = 'writing'
    for update
    """
)
CLOSE = text(
    """
    update archives
    set
        state = 'closed',
        sha256 = :sha256,
        size_bytes = :size_bytes,
        row_count = :row_count,
        earliest_at = :earliest_at,
        latest_at = :latest_at,
        archived_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :archive_id
    """
)
# First, so that nobody closes an archive whose file is being removed.
LET_WRITING_GO = text(
    """
    update archives
    set state = 'let_go'
    where
        creator_id = :creator_id
        and id = :archive_id
        and state <> 'closed'
    """
)
FORGET = text("delete from archives where creator_id = :creator_id and id = :archive_id and state = 'let_go'")


@dataclass(frozen=True)
class Begun:
    """A portion of rows that is being archived: the file is named, and the rows are still there."""

    archive_id: UUID
    storage_key: str
    ids: Sequence[UUID]
    lines: Sequence[str]
    row_count: int
    earliest_at: datetime
    latest_at: datetime


def choose_archiving(author: Account, creator_id: UUID, kind: str, is_on: bool) -> None:
    """Turn archiving of a kind on or off; what is archived already stays. Raises InputError for staff."""
    may_write(author, creator_id)
    known_kind(kind)
    with tenant_tx(creator_id) as connection:
        connection.execute(CHOOSE, {"creator_id": creator_id, "kind": kind, "is_on": is_on})


def archive_old_rows(creator_id: UUID, kind: str, stops: Callable[[], bool] = lambda: False) -> int:
    """Archive what is old enough, in portions, and return the number of messages or events; 0 if it is turned off.

    A portion is stored, read back, and only then removed and closed, in one transaction: killed at any moment,
    its rows are either still there or in the archive. Figures stay as they are. Raises StorageError.
    """
    known_kind(kind)
    archived, after = 0, UUID(int=0)
    while not stops() and (students := _next_students(creator_id, after)):
        while not stops() and (rows := _portion(creator_id, kind, students)):
            archived += rows
            measure()  # what grew from nothing is read by the right index then
        after = students[-1]
    return archived


def known_kind(kind: str) -> None:
    """Raises InputError for a kind of rows that is not archived."""
    if kind not in KINDS:
        raise InputError(f'"{kind}" is nothing that is archived; choose {" or ".join(KINDS)}.')


def _next_students(creator_id: UUID, after: UUID) -> Sequence[UUID]:
    asked = {"creator_id": creator_id, "after": after, "most": STUDENTS_TOGETHER}
    with tenant_tx(creator_id) as connection:
        return connection.execute(NEXT_STUDENTS, asked).scalars().all()


def _portion(creator_id: UUID, kind: str, students: Sequence[UUID]) -> int:
    begun = _begun(creator_id, kind, students)
    if begun is None:
        return 0
    file = write_archive_file(begun.storage_key, begun.lines)
    if not _is_closed(creator_id, kind, begun, file):
        logger.info("rows changed while they were archived; they stay")
        forget_file(creator_id, begun.archive_id, begun.storage_key)
        return 0
    return begun.row_count


def _begun(creator_id: UUID, kind: str, students: Sequence[UUID]) -> Begun | None:
    """The next rows, and the row that names their file; None if there are none or it is turned off."""
    statements, scope = KINDS[kind], {"creator_id": creator_id, "kind": kind}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        if not connection.execute(IS_ON, scope).scalar():
            return None
        since = connection.execute(SINCE, {"months": AFTER_MONTHS}).scalar_one()
        asked = scope | {"students": list(students), "since": since, "most": MOST_TOGETHER[kind]}
        ids = list(connection.execute(statements.found, asked).scalars())
        if not ids:
            return None
        rows = connection.execute(statements.lines, scope | {"ids": ids}).all()
        key = new_key(FOLDER, creator_id, EXTENSION)
        archive_id = connection.execute(BEGIN, scope | {"storage_key": key}).scalar_one()
    return Begun(
        archive_id=archive_id,
        storage_key=key,
        ids=ids,
        lines=[row.line for row in rows],
        row_count=sum(row.row_count for row in rows),
        earliest_at=min(row.earliest_at for row in rows),
        latest_at=max(row.latest_at for row in rows),
    )


def _is_closed(creator_id: UUID, kind: str, begun: Begun, file: ArchiveFile) -> bool:
    """Close and remove the rows; False if any changed since it was read, or if archiving was turned off."""
    statements = KINDS[kind]
    scope = {"creator_id": creator_id, "kind": kind, "archive_id": begun.archive_id, "ids": begun.ids}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        if not connection.execute(IS_ON, scope).scalar() or not connection.execute(STILL_WRITING, scope).scalar():
            return False
        connection.execute(statements.locked, scope)
        if [row.line for row in connection.execute(statements.lines, scope)] != begun.lines:
            return False
        for statement in (*statements.closed, *statements.removed):
            connection.execute(statement, scope)
        connection.execute(CLOSE, scope | _recorded(begun, file))
    return True


def _recorded(begun: Begun, file: ArchiveFile) -> dict[str, Any]:
    return {
        "sha256": file.sha256,
        "size_bytes": file.size_bytes,
        "row_count": begun.row_count,
        "earliest_at": begun.earliest_at,
        "latest_at": begun.latest_at,
    }


def forget_file(creator_id: UUID, archive_id: UUID, storage_key: str) -> bool:
    """Remove a file that no closed rows need, then its row, which the nightly clean-up finds until then.

    False if the archive was closed meanwhile: nothing is removed. Raises StorageError.
    """
    scope = {"creator_id": creator_id, "archive_id": archive_id}
    with tenant_tx(creator_id) as connection:
        if not connection.execute(LET_WRITING_GO, scope).rowcount:
            return False
    remove_file(storage_key)
    with tenant_tx(creator_id) as connection:
        connection.execute(FORGET, scope)
    return True
