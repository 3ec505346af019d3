"""Sorts pasted or uploaded addresses into those that can be invited and those that cannot."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import text

from database.mail_addresses import ADDRESS_KEY_SQL, address_key, deliverable, readable
from database.tenancy import tenant_tx
from rules.errors import InputError

MOST_ADDRESSES = 2_000
SEPARATORS = re.compile(r"[\s,;<>\"'()\[\]|]+")

KNOWN = text(
    f"""
    -- One row per address of the keys given that belongs to a student, waits for an answer or gets no invitation.
    select
        {ADDRESS_KEY_SQL.format("email")} as email_key,
        'student' as known_as
    from students
    where
        creator_id = :creator_id
        and deleted_at is null
        and {ADDRESS_KEY_SQL.format("email")} = any(cast(:keys as text[]))
    union
    select
        email_key,
        'invited'
    from invitations
    where
        creator_id = :creator_id
        and accepted_at is null
        and withdrawn_at is null
        and expires_at > dashboard_now()
        and email_key = any(cast(:keys as text[]))
    union
    select
        recipient_key,
        reason
    from mail_suppressions
    where
        creator_id = :creator_id
        and kind in ('invitation', 'every')
        and recipient_key = any(cast(:keys as text[]))
    """
)
# Why an address is skipped; of several reasons the first.
REASONS = {
    "student": "Already a student.",
    "invited": "Already invited, and has not answered. Send that invitation again in the list below.",
    "complained": "Reported an earlier email as spam.",
    "bounced": "An earlier email to this address bounced.",
    "unsubscribed": "Unsubscribed from invitations.",
}
TWICE = "It is on the list twice; it gets one invitation."
UNKNOWN_LETTERS = "Only its domain may have international letters; before the @ write plain ones (ASCII)."
TOO_LONG = "It is too long for an email address."


@dataclass(frozen=True)
class Refused:
    """An address as written, and why it cannot be invited."""

    address: str
    why: str


@dataclass(frozen=True)
class InvitationList:
    """Each valid address once, in the given order; the others with the reason."""

    addresses: tuple[str, ...]
    refused: tuple[Refused, ...]


def invitation_list(creator_id: UUID, typed: str) -> InvitationList:
    """Sort typed, pasted or uploaded text: words with an @ are addresses, names and headings are ignored.

    Raises InputError for more than 2,000 addresses.
    """
    words = [word.strip(".:") for word in SEPARATORS.split(typed) if "@" in word]
    if len(words) > MOST_ADDRESSES:
        raise InputError(f"{len(words):,} addresses are too many; invite at most {MOST_ADDRESSES:,} at once.")
    valid, refused = _sorted(words)
    known = _known(creator_id, valid)
    refused += [Refused(address, known[key]) for key, address in valid.items() if key in known]
    return InvitationList(tuple(address for key, address in valid.items() if key not in known), tuple(refused))


def _sorted(words: Iterable[str]) -> tuple[dict[str, str], list[Refused]]:
    """The valid addresses as written, by the key of the address that email goes to; and the others."""
    valid: dict[str, str] = {}
    refused: list[Refused] = []
    for word in words:
        address = deliverable(word)
        if address is None:
            refused.append(Refused(word, _fault(word)))
        elif address_key(address) in valid:
            refused.append(Refused(word, TWICE))
        else:
            valid[address_key(address)] = word
    return valid, refused


def _fault(address: str) -> str:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        return str(error)
    return TOO_LONG if address.isascii() else UNKNOWN_LETTERS


def _known(creator_id: UUID, valid: dict[str, str]) -> dict[str, str]:
    """Why these addresses are skipped, by key; students' domains may be stored in their own letters."""
    keys = {other: key for key in valid for other in (key, address_key(readable(key)))}
    with tenant_tx(creator_id) as connection:
        found = connection.execute(KNOWN, {"creator_id": creator_id, "keys": list(keys)}).all()
    reasons = list(REASONS)
    worst_first = sorted(found, key=lambda row: reasons.index(row.known_as), reverse=True)
    return {keys[row.email_key]: REASONS[row.known_as] for row in worst_first}
