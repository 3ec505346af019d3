"""Actions take plain values: what the queries answer stays on the read side."""

import pkgutil
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers, isclass, isfunction, signature
from typing import Any, get_args, get_type_hints

import pandas as pd

import actions

EDITING = ("update_", "save_", "edit_", "change_")
WITHOUT_A_FORM = {
    "change_course": "a title alone, and whether it is closed: nothing else is written",
    "change_run": "its title and dates are one choice, shown again in the table beside",
}
FRAMES = (pd.DataFrame, pd.Series)


def test_no_public_function_takes_or_returns_a_frame():
    every = list(public_functions())

    assert len(every) > 80
    assert [function.__qualname__ for function in every if has_frame(function)] == []


def test_a_frame_is_found_wherever_it_stands():
    def taken(rows: pd.DataFrame) -> None: ...
    def returned() -> list[pd.DataFrame]: ...
    def hidden(rows: dict[str, list[pd.Series]] | None) -> None: ...
    def plain(rows: list[int]) -> None: ...

    assert [has_frame(one) for one in (taken, returned, hidden, plain)] == [True, True, True, False]


def test_whoever_saves_an_edit_says_what_it_was_opened_with():
    edits = {one.__name__: one for one in public_functions() if one.__name__.startswith(EDITING)}

    assert set(WITHOUT_A_FORM) <= set(edits)
    assert len(edits) > len(WITHOUT_A_FORM)
    assert [name for name, one in edits.items() if "opened" not in signature(one).parameters] == list(WITHOUT_A_FORM)


def public_functions() -> Iterator[Callable[..., Any]]:
    """The functions of every module of `actions`, and what its classes are made of and can do."""
    for module in pkgutil.walk_packages(actions.__path__, "actions."):
        for name, value in vars(import_module(module.name)).items():
            if getattr(value, "__module__", None) != module.name or name.startswith("_"):
                continue
            if isfunction(value):
                yield value
            elif isclass(value):
                yield from (method for _, method in getmembers(value, isfunction) if method.__module__ == module.name)


def has_frame(function: Callable[..., Any]) -> bool:
    return any(map(is_frame, get_type_hints(function).values()))


def is_frame(hint: Any) -> bool:
    return (isclass(hint) and issubclass(hint, FRAMES)) or any(map(is_frame, get_args(hint)))
