"""Whether somebody was erased: `erasures` knows them by keyed hashes alone."""

from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import Connection, text

from database.mail_addresses import address_key
from database.signing import signature

HASHED = "an erased student"

HASHES = text(
    """
    select
        erasures.id_hash,
        erasures.external_id_hash,
        erasures.address_hash
    from erasures
    where erasures.creator_id = :creator_id
    """
)


def erased_hash(creator_id: UUID, known: str) -> str:
    """The keyed hash under which `erasures` stores an id, an external id or an address of an erased student."""
    return signature(HASHED, str(creator_id), known)


class Erased:
    """The people that a creator erased."""

    def __init__(self, creator_id: UUID, hashes: Iterable[str]) -> None:
        self._creator_id = creator_id
        self._hashes = frozenset(hashes)

    def knows(self, *known: str | None) -> bool:
        """Whether one of these ids is that of an erased student."""
        return bool(self._hashes) and any(
            one is not None and erased_hash(self._creator_id, one) in self._hashes for one in known
        )

    def knows_address(self, email: str | None) -> bool:
        """Whether this is the address of an erased student."""
        return bool(self._hashes) and email is not None and self.knows(address_key(email))


def erased(connection: Connection, creator_id: UUID) -> Erased:
    """The people that the creator erased, as they are known now."""
    rows = connection.execute(HASHES, {"creator_id": creator_id}).all()
    return Erased(creator_id, (told for row in rows for told in row if told is not None))
