"""How a command reports an error that people can fix."""

import sys
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

import typer
from sqlalchemy.exc import DBAPIError

from rules.errors import FiguresBeingBuilt, InputError, SetupError

P = ParamSpec("P")
T = TypeVar("T")


def in_one_line(command: Callable[P, T]) -> Callable[P, T]:
    """Show an error that people can fix on one line without a traceback, and exit with status 2."""

    @wraps(command)
    def run(*arguments: P.args, **options: P.kwargs) -> T:
        try:
            return command(*arguments, **options)
        except (SetupError, InputError, FiguresBeingBuilt) as error:
            reason = str(error)
        except DBAPIError as error:
            refusal = str(error.orig).strip().splitlines()[0]
            reason = f"The database refused: {refusal}. Is it migrated? Try `python manage.py migrate`."
        print(f"error: {reason}", file=sys.stderr)
        raise typer.Exit(2)

    return run
