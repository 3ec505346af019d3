"""Sorts pasted or uploaded addresses into those that can be invited and those that cannot."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from email_validator import EmailNotValidError, validate_email
from sqlalchemy import text

from database.mail_addresses import ADDRESS_KEY_SQL, address_key, is_mailable
from database.tenancy import tenant_tx
from rules.errors import InputError

MOST_ADDRESSES = 2_000
SEPARATORS = re.compile(r"[\s,;<>\"'()\[\]|]+")

KNOWN = text(
    f"""
    -- One row per given address key that belongs to a student or is still waiting for an answer.
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
        and expires_at > dashboard_now()
        and email_key = any(cast(:keys as text[]))
    """
)


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
    valid: dict[str, str] = {}
    refused: list[Refused] = []
    for word in words:
        why = _fault(word)
        if why is None and address_key(word) in valid:
            why = "It is on the list twice; it gets one invitation."
        if why:
            refused.append(Refused(word, why))
        else:
            valid[address_key(word)] = word
    return valid, refused


def _fault(address: str) -> str | None:
    try:
        validate_email(address, check_deliverability=False)
    except EmailNotValidError as error:
        return str(error)
    return None if is_mailable(address) else "Email can only go to addresses in plain letters (ASCII)."


def _known(creator_id: UUID, valid: dict[str, str]) -> dict[str, str]:
    words = {"student": "Already a student.", "invited": "Already invited, and has not answered."}
    with tenant_tx(creator_id) as connection:
        found = connection.execute(KNOWN, {"creator_id": creator_id, "keys": list(valid)})
        return {row.email_key: words[row.known_as] for row in sorted(found, key=lambda row: row.known_as)}
