"""What becomes of an edit when somebody else has saved the same thing since it was opened."""

from collections.abc import Hashable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, TypeVar

from rules.errors import InputError

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")
ABSENT = object()


class EditConflict(InputError):
    """The same parts were changed in two ways; nothing was written. Holds what is saved, and the names of the parts."""

    def __init__(self, saved: Any, parts: tuple[Any, ...]) -> None:
        super().__init__("This was changed elsewhere while you were editing it. Nothing has been overwritten.")
        self.saved = saved
        self.parts = parts


@dataclass(frozen=True)
class Merge:
    """Every part as it would be saved, and the parts that both sides changed, in different ways: these are as mine."""

    parts: dict[Any, Any]
    conflicts: tuple[Any, ...]


def merged(opened: Mapping[K, Any], saved: Mapping[K, Any], mine: Mapping[K, Any]) -> Merge:
    """Both sides' changes since `opened`: parts in the order of mine, then those that only the other side added."""
    parts: dict[Any, Any] = {}
    conflicts = []
    for part in (*mine, *(added for added in saved if added not in mine)):
        before, theirs, ours = (side.get(part, ABSENT) for side in (opened, saved, mine))
        is_ours = theirs in (before, ours)
        if not is_ours and ours != before:
            conflicts.append(part)
            is_ours = True
        if (chosen := ours if is_ours else theirs) is not ABSENT:
            parts[part] = chosen
    return Merge(parts, tuple(conflicts))


def merged_fields(opened: E, saved: E, mine: E) -> E:
    """The same of three dataclasses, field by field. Raises EditConflict."""
    merge = merged(*(asdict(side) for side in (opened, saved, mine)))  # type: ignore[call-overload]
    if merge.conflicts:
        raise EditConflict(saved, merge.conflicts)
    return replace(mine, **merge.parts)  # type: ignore[type-var]


def unchecked(kind: type[E], /, **fields: Any) -> E:
    """An instance as it is stored: a platform may have written what `kind` refuses from people."""
    stored = object.__new__(kind)
    for name, value in fields.items():
        object.__setattr__(stored, name, value)
    return stored


def with_saved(mine: E, conflict: EditConflict) -> E:
    """Mine, with the parts in conflict as they are saved."""
    return replace(mine, **{part: getattr(conflict.saved, part) for part in conflict.parts})  # type: ignore[type-var]
