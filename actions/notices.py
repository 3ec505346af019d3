"""Notices that an account has seen."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import text

from database.accounts import Account, may_write
from database.tenancy import tenant_tx

MARK = text(
    """
    insert into seen_notices (creator_id, account_id, notice_key)
    select
        :creator_id,
        :account_id,
        unnest(cast(:notice_keys as text[]))
    on conflict do nothing
    """
)


def mark_seen(author: Account, creator_id: UUID, notice_keys: Iterable[str]) -> None:
    """Mark these notices as seen by the account. Raises InputError for staff, who have read-only access."""
    may_write(author, creator_id)
    with tenant_tx(creator_id) as connection:
        connection.execute(
            MARK, {"creator_id": creator_id, "account_id": author.id, "notice_keys": sorted(set(notice_keys))}
        )
