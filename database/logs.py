"""The log of every process: one JSON object per line on standard error, without user text or names.

An exception is logged with its kind, place and database code, never with its message, which may quote input.
"""

import json
import linecache
import logging
import re
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, TextIO
from uuid import UUID

PROJECT = f"{Path(__file__).resolve().parent.parent}/"
PACKAGES = "site-packages/"
OURS = (
    *("actions", "api", "charts", "commands", "database", "drafts", "findings", "jobs", "mail", "notebooks", "sources"),
    *("pages", "queries", "reports", "rules", "ui"),
    "manage",
    "streamlit_app",
)
PLAIN = (bool, int, float, date, UUID, type(None))
ADDRESS = re.compile(r"[^\s<>\"']+@[^\s<>\"']+")
LEFT_OUT = "…"
MOST_PLACES, MOST_EXCEPTIONS = 30, 8

about: ContextVar[Mapping[str, str]] = ContextVar("about", default=MappingProxyType({}))  # read only


class JsonLines(logging.Formatter):
    """A log line as one JSON object, with the request or job that it belongs to."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "event": _event(record),
            **about.get(),
            **_job(record),
            **getattr(record, "details", {}),
        }
        if not _is_ours(record):
            line |= {"logger": record.name, "place": f"{_short(record.pathname)}:{record.lineno} {record.funcName}"}
        if record.exc_info and record.exc_info[1]:
            line["exception"] = described(record.exc_info[1])
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(level: int = logging.INFO) -> None:
    """Write every line of this process as JSON, including uncaught errors and warnings; call it once, at its start.

    Servers and libraries create their own handlers, some of them late, so this replaces what all handlers call
    rather than a formatter here and there.
    """
    formatter = JsonLines()
    logging.Handler.format = lambda self, record: formatter.format(record)  # type: ignore[method-assign]  # noqa: ARG005
    if not logging.root.handlers:
        logging.root.addHandler(logging.StreamHandler(sys.stderr))
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("uvicorn.access").setLevel(logging.WARNING)  # its lines contain query strings
    sys.excepthook = _uncaught
    threading.excepthook = lambda given: _note("a thread ended by an error", given.exc_value)
    sys.unraisablehook = lambda given: _note("an error had nobody to tell", given.exc_value)
    warnings.showwarning = _warned


def log_uncaught(error: BaseException) -> None:
    """Log an unexpected error that ends the program."""
    _note("an error ended the program", error)


@contextmanager
def noting(**what: str) -> Iterator[None]:
    """Every line logged inside includes these fields, such as requestId or jobId."""
    token = about.set({**about.get(), **what})
    try:
        yield
    finally:
        about.reset(token)


def described(error: BaseException) -> list[dict[str, Any]]:
    """The exception and those that caused it: kind, code and places of each, innermost place last."""
    return [_one(found) for found in _chain(error)]


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(found) < MOST_EXCEPTIONS:
        one = waiting.pop(0)
        if one is None or any(one is known for known in found):
            continue
        found.append(one)
        waiting += one.exceptions if isinstance(one, BaseExceptionGroup) else ()
        waiting.append(one.__cause__ or (None if one.__suppress_context__ else one.__context__))
    return found


def _one(error: BaseException) -> dict[str, Any]:
    kind = type(error)
    name = kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
    return {"type": name, **_codes(error), "places": _places(error.__traceback__)}


def _codes(error: BaseException) -> dict[str, Any]:
    """What an error says in words that only its program wrote: a code, names of the schema, kinds of mistakes."""
    code = getattr(error, "sqlstate", None) or getattr(error, "pgcode", None) or getattr(error, "errno", None)
    diagnosis = getattr(error, "diag", None)
    told = {"code": code if isinstance(code, str | int) else None}
    for part in ("table", "column", "constraint"):
        told[part] = getattr(diagnosis, f"{part}_name", None)
    mistakes = getattr(error, "errors", None)
    if _is_of_pydantic(error) and callable(mistakes):
        told["mistakes"] = ", ".join(sorted({str(found["type"]) for found in mistakes()}))
    return {name: value for name, value in told.items() if value is not None}


def _is_of_pydantic(error: BaseException) -> bool:
    """Whether it is a validation error of pydantic, whose text quotes the input."""
    return type(error).__module__.startswith("pydantic")


def _places(trace: TracebackType | None) -> list[str]:
    found = []
    while trace:
        code = trace.tb_frame.f_code
        found.append(f"{_short(code.co_filename)}:{trace.tb_lineno} {code.co_name}")
        trace = trace.tb_next
    return found[-MOST_PLACES:]


def _short(path: str) -> str:
    """From the project's or the packages' folder on: a home folder may be named after a person."""
    inside = path.rpartition(PACKAGES)[2] if PACKAGES in path else path.removeprefix(PROJECT)
    return inside if not inside.startswith("/") else Path(inside).name


def _event(record: logging.LogRecord) -> str:
    message = str(record.msg)
    if _is_ours(record):
        told = _filled(message, record.args, _argument_of_ours)
        return ADDRESS.sub(LEFT_OUT, told)
    if record.args:
        return _filled(message, record.args, _argument_of_others).strip()
    return message.strip() if _is_literal(message.strip(), record.pathname) else "in words of its own"


def _filled(message: str, arguments: Any, shown: Callable[[object], object]) -> str:
    if not arguments:
        return message
    try:
        if isinstance(arguments, Mapping):
            return message % {name: shown(value) for name, value in arguments.items()}
        return message % tuple(shown(value) for value in arguments)
    except (TypeError, ValueError, KeyError):  # %d of a text that was left out
        return message


def _argument_of_ours(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) else value


def _argument_of_others(value: object) -> object:
    if isinstance(value, BaseException):
        return type(value).__name__
    return value if isinstance(value, PLAIN) else LEFT_OUT


def _is_literal(message: str, path: str) -> bool:
    """Whether the message appears in its program word for word: then it contains no value."""
    source = "".join(linecache.getlines(path))
    return bool(message) and any(f"{quote}{message}" in source for quote in "\"'")


def _job(record: logging.LogRecord) -> dict[str, Any]:
    """For the queue's own lines: which job; neither its arguments nor the text of its failure."""
    job = getattr(record, "job", None)
    told = {"action": getattr(record, "action", None)}
    if isinstance(job, Mapping):
        told |= {"jobId": job.get("id"), "task": job.get("task_name")}
    return {name: value for name, value in told.items() if value is not None}


def _is_ours(record: logging.LogRecord) -> bool:
    return record.name.partition(".")[0] in OURS


def _uncaught(_kind: type[BaseException], error: BaseException, _trace: TracebackType | None) -> None:
    if not isinstance(error, KeyboardInterrupt):
        log_uncaught(error)


def _note(what: str, error: BaseException | None) -> None:
    if not isinstance(error, SystemExit):
        logging.getLogger("database.logs").critical(what, exc_info=error)


def _warned(
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    del message, file, line  # the text may quote what was read
    details = {"kind": category.__name__, "place": f"{_short(filename)}:{lineno}"}
    logging.getLogger("database.logs").warning("a warning", extra={"details": details})
