"""What a registered function is asked about, and what it must say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("empty", "one", "two", "all", "none", "unknown", "contradiction")


@dataclass(frozen=True)
class Says:
    """The whole text, or all of them, that comes of these arguments; a function makes those that are dear to make."""

    expected: Any
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class CannotBe:
    """Why the function is never asked about this."""

    reason: str


Case = Says | CannotBe
Cases = Mapping[str, Mapping[str, Case]]
Function = Callable[..., Any]


def says(expected: Any, *arguments: Any) -> Says:
    return Says(expected, arguments)
