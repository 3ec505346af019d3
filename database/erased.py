"""How people who were erased are known again: by a keyed hash of what they were called, and by nothing else."""

from uuid import UUID

from database.signing import signature

HASHED = "an erased student"


def erased_hash(creator_id: UUID, known: str) -> str:
    """The keyed hash under which `erasures` stores an id, an external id or an address of an erased student."""
    return signature(HASHED, str(creator_id), known)
