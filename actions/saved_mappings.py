"""Saving and removing mappings."""

from uuid import UUID

from database.accounts import Account, may_write
from sources.mappings import saved
from sources.mappings.model import Mapping


def keep_mapping(author: Account, creator_id: UUID, mapping: Mapping) -> int:
    """Save the mapping under its name; returns its version. Raises InputError for staff, who have read-only access."""
    may_write(author, creator_id)
    return saved.save_mapping(creator_id, mapping, author.id)


def remove_mapping(author: Account, creator_id: UUID, name: str) -> bool:
    """Take a mapping off the list; False if there is none of this name. Raises InputError for staff."""
    may_write(author, creator_id)
    return saved.remove_mapping(creator_id, name)
