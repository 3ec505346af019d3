"""Putting archived chats and activity logs back."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, text

from actions.archive_kinds import KINDS, Kind
from actions.archives import CHOOSE, forget_file, known_kind
from database.accounts import Account, may_write
from database.archive_files import archived_lines
from database.statistics import measure
from database.tenancy import JOB_SECONDS, tenant_tx

CLOSED = text(
    """
    select id
    from archives
    where
        creator_id = :creator_id
        and kind = :kind
        and state = 'closed'
    order by
        earliest_at asc,
        id asc
    """
)
TO_RESTORE = text(
    """
    select
        storage_key,
        sha256,
        row_count
    from archives
    where
        creator_id = :creator_id
        and id = :archive_id
        and state = 'closed'
    for update
    """
)
LET_GO = text(
    """
    update archives
    set state = 'let_go'
    where
        creator_id = :creator_id
        and id = :archive_id
        and state = 'closed'
    """
)


def restore_archives(creator_id: UUID, kind: str) -> int:
    """Put all archived rows of a kind back, and return how many; archiving of it is turned off.

    One transaction per file; killed in between, the next call goes on. Raises StorageError for a file that is
    missing or damaged; what it holds stays archived.
    """
    known_kind(kind)
    scope = {"creator_id": creator_id, "kind": kind}
    with tenant_tx(creator_id) as connection:
        connection.execute(CHOOSE, scope | {"is_on": False})
    with tenant_tx(creator_id) as connection:
        archive_ids = connection.execute(CLOSED, scope).scalars().all()
    restored = sum(_restored(creator_id, KINDS[kind], archive_id) for archive_id in archive_ids)
    measure()
    return restored


def restore_for(author: Account, creator_id: UUID, kind: str) -> int:
    """The same on a click. Raises InputError for staff."""
    may_write(author, creator_id)
    return restore_archives(creator_id, kind)


def _restored(creator_id: UUID, kind: Kind, archive_id: UUID) -> int:
    scope = {"creator_id": creator_id, "archive_id": archive_id}
    with tenant_tx(creator_id, JOB_SECONDS) as connection:
        found = connection.execute(TO_RESTORE, scope).one_or_none()
        if found is None:  # by somebody else meanwhile
            return 0
        _put_back(connection, kind, scope, archived_lines(found.storage_key, found.sha256))
        connection.execute(LET_GO, scope)
    forget_file(creator_id, archive_id, found.storage_key)
    return int(found.row_count)


def _put_back(connection: Connection, kind: Kind, scope: dict[str, Any], lines: Sequence[str]) -> None:
    connection.execute(kind.reopened, scope)
    for statement in kind.restored:
        connection.execute(statement, scope | {"lines": f"[{','.join(lines)}]"})
