"""Texts that rest on figures: which functions return them, and which of them a test has heard.

A sentence makes a claim that is only true under a condition ("every student was active"). Functions that return
sentences are registered, so that a test can call each of them for nobody, one, two, everybody and the unknown; and
what they return is recorded while a test listens, so that it finds a claim that nobody registered.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any, ParamSpec, Self, TypeVar, cast

P = ParamSpec("P")
R = TypeVar("R")

REGISTERED: dict[str, Callable[..., Any]] = {}

# A list of the module rather than a ContextVar: pages run in a thread of their own.
_LISTENING: list[list[str]] = []


class Sentence(str):
    """A text that rests on figures."""

    __slots__ = ()

    def __new__(cls, text: str) -> Self:
        _record(text)
        return super().__new__(cls, text)


@contextmanager
def recorded() -> Iterator[list[str]]:
    """The sentences and figures written in the meantime, in order, by any thread."""
    said: list[str] = []
    _LISTENING.append(said)
    try:
        yield said
    finally:
        _LISTENING[:] = [listening for listening in _LISTENING if listening is not said]


def sentence(function: Callable[P, R]) -> Callable[P, R]:
    """Register a function that returns a sentence, or a list, a tuple or nothing of them."""
    REGISTERED[f"{function.__module__}.{function.__qualname__}"] = function

    @wraps(function)
    def said(*arguments: P.args, **named: P.kwargs) -> R:
        return cast(R, _as_sentences(function(*arguments, **named)))

    return said


def figure(function: Callable[P, str]) -> Callable[P, str]:
    """Record the output of a function that puts a number, a day or a list of names into words."""

    @wraps(function)
    def written(*arguments: P.args, **named: P.kwargs) -> str:
        text = function(*arguments, **named)
        _record(text)
        return text

    return written


def always(text: str) -> Sentence:
    """A text that is true whatever the figures are, even though it contains a number or a strong word."""
    return Sentence(text)


def _as_sentences(said: Any) -> Any:
    if isinstance(said, str):
        return Sentence(said)
    if isinstance(said, list):
        return [_as_sentences(one) for one in said]
    if type(said) is tuple:
        return tuple(_as_sentences(one) for one in said)
    return said


def _record(text: str) -> None:
    for said in _LISTENING:
        said.append(text)
