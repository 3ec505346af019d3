"""To which address an email to a student goes: the student's own when it is sent, not when it was asked for."""

from dataclasses import dataclass, replace

from sqlalchemy import text

from actions.mail_ledger import MINE, Delivery
from database.mail_addresses import address_key, deliverable
from database.tenancy import tenant_tx

GONE = "The student has left the course."
NO_ADDRESS = "The student has no address that email can go to."
SAME_ADDRESS = "Another recipient has the same address by now."

ADDRESS = text(
    """
    select coalesce(email, '')
    from students
    where
        creator_id = :creator_id
        and id = :student_id
        and deleted_at is null
    """
)
READDRESS = text(
    f"""
    update mail_deliveries
    set
        recipient = :recipient,
        recipient_key = :recipient_key,
        updated_at = dashboard_now()
    where
        {MINE}
        and state = 'claimed'
        and not exists (
            select
            from mail_deliveries as others
            where
                others.creator_id = mail_deliveries.creator_id
                and others.kind = mail_deliveries.kind
                and others.about = mail_deliveries.about
                and others.period_start = mail_deliveries.period_start
                and others.recipient_key = :recipient_key
        )
    """
)


@dataclass(frozen=True)
class Unreachable:
    """Why there is no address to send it to, without personal data."""

    reason: str


def readdressed(delivery: Delivery) -> Delivery | Unreachable:
    """The claimed email to the student's address of now; Unreachable for one who was deleted or has none any more."""
    asked = {"creator_id": delivery.creator_id, "student_id": delivery.student_id}
    with tenant_tx(delivery.creator_id) as connection:
        email: str | None = connection.execute(ADDRESS, asked).scalar()
        if email is None:
            return Unreachable(GONE)
        recipient = deliverable(email)
        if recipient is None:
            return Unreachable(NO_ADDRESS)
        if address_key(recipient) == address_key(delivery.recipient):
            return delivery
        mine = {"creator_id": delivery.creator_id, "id": delivery.id, "token": delivery.token}
        changed = connection.execute(READDRESS, mine | _address(recipient)).rowcount
    return replace(delivery, recipient=recipient) if changed else Unreachable(SAME_ADDRESS)


def _address(recipient: str) -> dict[str, str]:
    return {"recipient": recipient, "recipient_key": address_key(recipient)}
