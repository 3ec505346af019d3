"""Record every statement that this process sends to a database: once per text, with its sender.

Statements of an engine arrive by SQLAlchemy's event; those of a driver's own cursor (COPY needs one) by a cursor
that records them. What another process sends, such as a server that a test starts, is not seen.
"""

import json
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import psycopg2
import psycopg2.extensions
from psycopg2.sql import Composable
from sqlalchemy import Engine, event

from database.quiet_driver import QuietConnection, QuietCursor
from database.settings import PROJECT_DIR
from tests.statements.statement import as_written

LIBRARIES = f"{os.sep}site-packages{os.sep}"
THIS_FILE = __file__
PASSES_ON = True  # errors come from the sender of the statement
# They pass on what their caller wrote. Any other library between us and the database wrote the statement itself.
MESSENGERS = ("sqlalchemy", "pandas")


def record_into(file: Path) -> Callable[[], None]:
    """Append each statement of this process to the file, as a line of JSON; returns a function that ends it.

    Several processes may append to one file. `callers` are the project's functions on the way to the statement, the
    nearest first; none if a library wrote it.
    """
    recorder = _Recorder(file)
    event.listen(Engine, "before_cursor_execute", recorder.engine_executes)
    connect = psycopg2.connect
    usual, quiet = (_watched_cursor(kind, recorder.note) for kind in (psycopg2.extensions.cursor, QuietCursor))

    def watched(*arguments: Any, **options: Any) -> Any:
        chosen = quiet if options.get("connection_factory") is QuietConnection else usual
        return connect(*arguments, cursor_factory=chosen, **options)

    psycopg2.connect = watched

    def end() -> None:
        event.remove(Engine, "before_cursor_execute", recorder.engine_executes)
        psycopg2.connect = connect
        recorder.close()

    return end


class _Recorder:
    def __init__(self, file: Path) -> None:
        self._seen: set[str] = set()
        self._is_open = True
        self._file = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def engine_executes(
        self, _connection: Any, _cursor: Any, statement: str, parameters: Any, context: Any, _many: bool
    ) -> None:
        if statement not in self._seen:
            self.note(statement, sys._getframe(1), is_template=True)

    def note(self, statement: str, frame: FrameType | None, is_template: bool) -> None:
        if statement in self._seen or not self._is_open:
            return
        self._seen.add(statement)
        line = json.dumps({"text": as_written(statement, is_template), "callers": list(_callers(frame))})
        os.write(self._file, f"{line}\n".encode())  # one call: lines of several processes never mix

    def close(self) -> None:
        self._is_open = False  # a connection may outlive the recording, and its cursors still report
        os.close(self._file)


def _watched_cursor(
    kind: type[psycopg2.extensions.cursor], note: Callable[[str, FrameType | None, bool], None]
) -> type[psycopg2.extensions.cursor]:
    class WatchedCursor(kind):  # type: ignore[misc, valid-type]
        def execute(self, query: Any, vars: Any = None) -> None:
            self._note(query, vars is not None)
            super().execute(query, vars)

        def executemany(self, query: Any, vars_list: Any) -> None:
            self._note(query, True)
            super().executemany(query, vars_list)

        def copy_expert(self, sql: Any, *arguments: Any, **named: Any) -> None:
            self._note(sql, False)
            super().copy_expert(sql, *arguments, **named)

        def _note(self, query: Any, is_template: bool) -> None:
            caller = sys._getframe(2)
            if not caller.f_globals["__name__"].startswith("sqlalchemy."):  # the engine's event has reported it
                note(query.as_string(self) if isinstance(query, Composable) else str(query), caller, is_template)

    return WatchedCursor


def _callers(frame: FrameType | None) -> Iterator[tuple[str, str]]:
    """File and function of the project itself on the way here, unless a library wrote the statement."""
    is_ours = False
    while frame:
        code = frame.f_code
        if _is_of_the_project(code):
            is_ours = True
            yield os.path.relpath(code.co_filename, PROJECT_DIR), code.co_qualname
        elif not is_ours and not _is_messenger(frame):
            return
        frame = frame.f_back


def _is_of_the_project(code: CodeType) -> bool:
    path = code.co_filename
    return path.startswith(f"{PROJECT_DIR}{os.sep}") and LIBRARIES not in path and path != THIS_FILE


def _is_messenger(frame: FrameType) -> bool:
    package = str(frame.f_globals.get("__name__", "")).partition(".")[0]
    return package in MESSENGERS or package in sys.stdlib_module_names or __name__.startswith(f"{package}.")
