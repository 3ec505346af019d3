"""Statements in separate files, where they can be read as SQL; a comment includes what several share."""

import re
from functools import lru_cache

from database.settings import PROJECT_DIR

INCLUDE = re.compile(r"^(?P<indent> *)-- include: (?P<path>[\w/]+)(?P<comma>,?)$", re.MULTILINE)
HEADING = re.compile(r"\A(?:--[^\n]*\n)+\n*")


@lru_cache(maxsize=1_000)
def sql(path: str) -> str:
    """The statement in this file, given by its path from the project folder, without the extension.

    A line `-- include: <path>` is replaced by the text of that file at the line's indentation, without its initial
    comment; a comma after it stays. Nothing else is inserted: values are bound.
    """
    return INCLUDE.sub(_included, (PROJECT_DIR / f"{path}.sql").read_text(encoding="utf-8").rstrip("\n"))


def step(path: str) -> str:
    """A part of statements, as it is included."""
    return HEADING.sub("", sql(path))


def _included(line: re.Match[str]) -> str:
    parts = step(line["path"]).splitlines()
    return "\n".join(f"{line['indent']}{part}" if part else "" for part in parts) + line["comma"]
