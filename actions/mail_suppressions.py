"""The suppression list: readers who unsubscribed, addresses that bounced."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlalchemy import Connection, text

from database.mail_addresses import address_key
from database.tenancy import platform_tx, tenant_tx

EVERY = "every"
Reason = Literal["unsubscribed", "bounced", "complained"]

EMAIL_OF_LINK = text(
    """
    select
        mail_deliveries.kind,
        mail_deliveries.recipient_key,
        creators.name as creator_name
    from mail_deliveries
    join creators on creators.id = mail_deliveries.creator_id
    where
        mail_deliveries.creator_id = :creator_id
        and mail_deliveries.id = :delivery_id
    """
)
SUPPRESS = text(
    """
    insert into mail_suppressions (creator_id, recipient_key, kind, reason)
    values (:creator_id, :recipient_key, :kind, :reason)
    on conflict (creator_id, recipient_key, kind) do update set
        reason = case when excluded.reason = 'unsubscribed' then mail_suppressions.reason else excluded.reason end
    """
)
COME_BACK = text(
    """
    delete from mail_suppressions
    where
        creator_id = :creator_id
        and recipient_key = :recipient_key
        and kind = any(:kinds)
        and reason = 'unsubscribed'
    """
)
OWNER = text("select creator_id from mail_deliveries where id = :delivery_id")
CAME_BACK = text(
    """
    update mail_deliveries
    set
        state = 'failed',
        reason = :reason,
        smtp_reply = :smtp_reply,
        updated_at = dashboard_now()
    where
        creator_id = :creator_id
        and id = :delivery_id
        and state in ('sent', 'unknown')
    """
)


@dataclass(frozen=True)
class EmailLink:
    """The email behind a signed link: its kind, reader and creator."""

    kind: str
    recipient_key: str
    creator_name: str


def email_of_link(creator_id: UUID, delivery_id: UUID) -> EmailLink | None:
    """The email behind a link; None if it no longer exists."""
    with tenant_tx(creator_id) as connection:
        asked = {"creator_id": creator_id, "delivery_id": delivery_id}
        row = connection.execute(EMAIL_OF_LINK, asked).mappings().one_or_none()
        return EmailLink(**row) if row else None


def unsubscribe(creator_id: UUID, reader: EmailLink, kind: str) -> None:
    """Send the reader no more email of this kind, or none at all for "every"."""
    with tenant_tx(creator_id) as connection:
        suppress(connection, creator_id, reader.recipient_key, "unsubscribed", kind)


def resubscribe(creator_id: UUID, reader: EmailLink) -> None:
    """Undo an unsubscription; an address that bounced stays on the list."""
    with tenant_tx(creator_id) as connection:
        come_back(connection, creator_id, reader.recipient_key, [reader.kind, EVERY])


def come_back(connection: Connection, creator_id: UUID, address: str, kinds: list[str]) -> None:
    """Remove the unsubscription of this address from these kinds, in the caller's transaction of the creator."""
    connection.execute(COME_BACK, {"creator_id": creator_id, "recipient_key": address_key(address), "kinds": kinds})


def suppress(connection: Connection, creator_id: UUID, address: str, reason: Reason, kind: str = EVERY) -> None:
    """Put an address on the list, in the caller's transaction of the creator; repeating it changes nothing."""
    connection.execute(
        SUPPRESS,
        {"creator_id": creator_id, "recipient_key": address_key(address), "kind": kind, "reason": reason},
    )


def note_returned(delivery_id: UUID, reason: Literal["bounced", "complained"], words: str, is_final: bool) -> bool:
    """Record that an email bounced or was reported as spam. `words` are the other server's. False if unknown.

    `is_final`: the address goes on the list. Otherwise only this email did not arrive.
    """
    creator_id = _owner(delivery_id)
    if creator_id is None:
        return False
    found = email_of_link(creator_id, delivery_id)
    if found is None:
        return False
    with tenant_tx(creator_id) as connection:
        if is_final:
            suppress(connection, creator_id, found.recipient_key, reason)
        if reason == "bounced":
            connection.execute(
                CAME_BACK,
                {
                    "creator_id": creator_id,
                    "delivery_id": delivery_id,
                    "reason": "The email bounced: it could not be delivered.",
                    "smtp_reply": words,
                },
            )
    return True


def _owner(delivery_id: UUID) -> UUID | None:
    with platform_tx() as connection:
        owner: UUID | None = connection.execute(OWNER, {"delivery_id": delivery_id}).scalar()
        return owner
