"""Ids that are the same in every load."""

from uuid import NAMESPACE_DNS, UUID, uuid5

DEMO = uuid5(NAMESPACE_DNS, "demo.example.org")


def stable_id(*parts: object) -> UUID:
    """The id of the thing named by the parts, from the general to the particular."""
    return uuid5(DEMO, "/".join(map(str, parts)))
