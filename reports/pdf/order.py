"""The order of right-to-left text: which parts of a line run from the right, and how the parts stand on paper."""

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Any, Protocol, TypeVar

from bidi import algorithm
from bidi.mirror import MIRRORED

LEFT, RIGHT = 0, 1
TYPES = frozenset(("L", "R", "AL", "EN", "ES", "ET", "AN", "CS", "NSM", "BN", "S", "WS", "ON"))


class Placed(Protocol):
    """A part of a line that runs in one direction: odd levels run from the right."""

    @property
    def level(self) -> int: ...


PartT = TypeVar("PartT", bound=Placed)


def levels(line: str, base: int) -> list[int]:
    """The level of each character, by the Unicode Bidirectional Algorithm; `base` is that of the paragraph."""
    storage = algorithm.get_empty_storage()
    storage["base_level"], storage["base_dir"] = base, "LR"[base]
    algorithm.get_embedding_levels(line, storage)
    for place, character in enumerate(storage["chars"]):
        character["place"] = place
        if character["type"] not in TYPES:  # of no character yet, which the package refuses
            character["type"] = character["orig"] = "ON"
    algorithm.explicit_embed_and_overrides(storage, debug=False)
    algorithm.resolve_weak_types(storage, debug=False)
    _turn_brackets(storage["chars"], base)
    algorithm.resolve_neutral_types(storage, debug=False)
    algorithm.resolve_implicit_levels(storage, debug=False)
    found = {character["place"]: int(character["level"]) for character in storage["chars"]}
    settled: list[int] = []
    for place in range(len(line)):  # joiners have no level: they belong to what is before them
        settled.append(found.get(place, settled[-1] if settled else base))
    return settled


def on_paper(parts: Sequence[PartT]) -> list[PartT]:
    """The parts of one line from left to right: from the highest level down, each sequence of them is turned."""
    turned = list(parts)
    for level in range(max((part.level for part in parts), default=0), 0, -1):
        start = 0
        while start < len(turned):
            end = start
            while end < len(turned) and turned[end].level >= level:
                end += 1
            turned[start:end] = reversed(turned[start:end])
            start = end + 1
    return turned


def _turn_brackets(characters: Sequence[dict[str, Any]], base: int) -> None:
    """Give both brackets of a pair one direction (rule N0, which the package lacks): that of the line, if it is inside.

    Otherwise that of what is inside, if it is also before the pair.
    """
    for opening, closing in _pairs(characters):
        inside = {_direction(character["type"]) for character in characters[opening + 1 : closing]} - {None}
        if base in inside:
            direction = base
        elif inside and _before(characters, opening, base) != base:
            direction = 1 - base
        elif inside:
            direction = base
        else:
            continue
        for place in (opening, closing):
            characters[place]["type"] = "LR"[direction]


def _pairs(characters: Sequence[dict[str, Any]]) -> Iterator[tuple[int, int]]:
    """The places of brackets that belong together, in the order of their beginnings."""
    opened: list[tuple[str, int]] = []
    found = []
    for place, character in enumerate(characters):
        mark = str(character["ch"])
        if unicodedata.category(mark) == "Ps" and mark in MIRRORED:
            opened.append((MIRRORED[mark], place))
        elif mark in (closing for closing, _ in opened):
            while opened[-1][0] != mark:
                opened.pop()
            found.append((opened.pop()[1], place))
    return iter(sorted(found))


def _direction(kind: str) -> int | None:
    return {"L": LEFT, "R": RIGHT, "EN": RIGHT, "AN": RIGHT}.get(kind)


def _before(characters: Sequence[dict[str, Any]], place: int, base: int) -> int:
    directions = (_direction(character["type"]) for character in reversed(characters[:place]))
    return next((direction for direction in directions if direction is not None), base)
