"""What a registered function is called with, and what it must say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

NAMES = ("empty", "one", "two", "all", "none", "unknown", "contradiction")


@dataclass(frozen=True)
class Says:
    """The whole text, or all of them, that results from these arguments; a function creates expensive ones."""

    expected: Any
    arguments: tuple[Any, ...]


@dataclass(frozen=True)
class CannotBe:
    """Why the function is never called for this."""

    reason: str


Case = Says | CannotBe
Cases = Mapping[str, Mapping[str, Case]]
Function = Callable[..., Any]


def says(expected: Any, *arguments: Any) -> Says:
    return Says(expected, arguments)
