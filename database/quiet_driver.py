"""The database driver without the parts of its errors that quote rows: `DETAIL: Key (email)=(…)`, `LINE 1: …`."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec, TypeVar

import psycopg2
from psycopg2.extensions import connection, cursor

PASSES_ON = True  # errors come from the caller

P = ParamSpec("P")
T = TypeVar("T")

# Classes of codes whose first line names parts of the schema or the server, and never a value.
NAME_NO_VALUES = ("08", "23", "25", "28", "40", "42", "53", "54", "55", "57", "58")
QUOTED = re.compile(r"\"[^\"]*\"|'[^']*'")


def without_values(error: psycopg2.Error) -> str:
    """What the database said, in one line, without anything it quotes."""
    said = error.diag.message_primary
    if said is None:  # not an answer from the server: the connection, or the driver itself
        return str(error)
    if error.pgcode and error.pgcode[:2] in NAME_NO_VALUES:
        return said
    return QUOTED.sub("…", said.partition(": ")[0])


def _quiet(method: Callable[P, T]) -> Callable[P, T]:
    @wraps(method)
    def call(*arguments: P.args, **options: P.kwargs) -> T:
        try:
            return method(*arguments, **options)
        except psycopg2.Error as error:
            error.args = (without_values(error),)
            raise

    return call


class QuietCursor(cursor):
    """Whatever it raises can be logged, stored and shown; code, table and constraint are in `diag` as usual."""

    execute = _quiet(cursor.execute)
    executemany = _quiet(cursor.executemany)
    callproc = _quiet(cursor.callproc)
    copy_expert = _quiet(cursor.copy_expert)
    fetchone = _quiet(cursor.fetchone)
    fetchmany = _quiet(cursor.fetchmany)
    fetchall = _quiet(cursor.fetchall)
    __next__ = _quiet(cursor.__next__)


class QuietConnection(connection):
    """Deferred constraints fail on commit."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.cursor_factory = QuietCursor

    commit = _quiet(connection.commit)
