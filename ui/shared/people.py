"""Two people of one name, told apart."""

from collections import Counter
from collections.abc import Mapping
from uuid import UUID


def told_apart(name: str, email: str | None, person_id: UUID) -> tuple[str, str]:
    """The name, and what stands beside it: the email or, without one, the start of the id."""
    return name, email or _short(person_id)


def distinct(names: Mapping[UUID, str]) -> dict[UUID, str]:
    """Names to choose from: those that several have, with the start of the id."""
    counted = Counter(names.values())
    return {one: f"{name} ({_short(one)})" if counted[name] > 1 else name for one, name in names.items()}


def _short(person_id: UUID) -> str:
    return f"id {str(person_id)[:8]}"
