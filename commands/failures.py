"""How a command for many creators reports what failed for some of them."""

import sys
from collections.abc import Callable, Sequence
from functools import wraps
from typing import ParamSpec, TypeVar

import typer

from database.creators import creators
from database.each import failures_gathered
from database.failures import Failure

P = ParamSpec("P")
T = TypeVar("T")

TOLD = 20


def failures_told(command: Callable[P, T]) -> Callable[P, T]:
    """After the rest is done, say what failed and for whom; exit with status 1."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        with failures_gathered() as failed:
            answer = command(*arguments, **options)
        if not failed:
            return answer
        _tell(failed)
        raise typer.Exit(1)

    return run


def _tell(failed: Sequence[Failure]) -> None:
    print(f"error: {len(failed):,} failed; everything else is done.", file=sys.stderr)
    names = {creator.id: creator.name for creator in creators()}
    for failure in failed[:TOLD]:
        whose = names.get(failure.item.creator_id) if failure.item.creator_id else None
        place = f" at {failure.place}" if failure.place else ""
        print(f"  {failure.kind} of {whose or failure.item.id}: {failure.error}{place}", file=sys.stderr)
    if len(failed) > TOLD:
        print("  The staff page lists all of them.", file=sys.stderr)
